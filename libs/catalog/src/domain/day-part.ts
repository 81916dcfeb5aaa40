import type { LocalMoment } from './local-time';
import type { DayPart } from './types';

/**
 * Whether the wall clock stands inside one of the parts; without parts every moment is inside. A part that ends at or before its start
 * runs over midnight and belongs to the weekday on which it starts.
 */
export function isInDayParts(parts: readonly DayPart[], { weekday, minute }: LocalMoment): boolean {
  if (parts.length === 0) return true;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  for (const { weekdays, fromMinute, toMinute } of parts) {
    if (fromMinute < toMinute) {
      if (minute >= fromMinute && minute < toMinute && covers(weekdays, weekday)) return true;
    } else if ((minute >= fromMinute && covers(weekdays, weekday)) || (minute < toMinute && covers(weekdays, yesterday))) {
      return true;
    }
  }
  return false;
}

function covers(weekdays: readonly number[], weekday: number): boolean {
  return weekdays.length === 0 || weekdays.includes(weekday);
}
