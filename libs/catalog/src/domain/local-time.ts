const MINUTE_MS = 60_000;
const WEEKDAYS: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** What a wall clock shows. */
export interface LocalMoment {
  /** 1 Monday .. 7 Sunday. */
  readonly weekday: number;
  /** Minutes shown since midnight, in [0, 1440). */
  readonly minute: number;
}

/** The wall clock of one time zone, by milliseconds since the epoch. */
export type LocalTime = (nowMs: number) => LocalMoment;

/** Whether this runtime's time zone data know the name. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone);
    return true;
  } catch {
    return false; // RangeError: unknown name
  }
}

/**
 * Formatting costs microseconds and every decision asks, so the last minute is kept: within it no wall clock moves (offsets are whole
 * minutes in every zone since 1972).
 *
 * @throws RangeError when the time zone is unknown
 */
export function createLocalTime(timeZone: string): LocalTime {
  const formatter = formatterOf(timeZone);
  let keptMinute = Number.NaN;
  let kept: LocalMoment = { weekday: 1, minute: 0 };
  return (nowMs) => {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== keptMinute) {
      kept = read(formatter, nowMs);
      keptMinute = minute;
    }
    return kept;
  };
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

function read(formatter: Intl.DateTimeFormat, nowMs: number): LocalMoment {
  let weekday = 1;
  let minute = 0;
  for (const { type, value } of formatter.formatToParts(nowMs)) {
    if (type === 'weekday') weekday = WEEKDAYS[value] ?? weekday;
    else if (type === 'hour') minute += 60 * Number(value);
    else if (type === 'minute') minute += Number(value);
  }
  return { weekday, minute };
}
