import { isInDayParts } from './day-part';
import { createLocalTime, isTimeZone } from './local-time';

const at = (text: string): number => Date.parse(text);

describe('createLocalTime', () => {
  it.each([
    ['UTC', '2026-01-05T00:00:00Z', { weekday: 1, minute: 0 }],
    ['Europe/Zurich', '2026-01-04T23:30:00Z', { weekday: 1, minute: 30 }],
    ['America/New_York', '2026-01-05T04:59:59.999Z', { weekday: 7, minute: 1_439 }],
    ['Asia/Kolkata', '2026-01-05T18:30:00Z', { weekday: 2, minute: 0 }],
    ['Europe/Zurich', '2026-03-29T01:00:00Z', { weekday: 7, minute: 180 }],
    ['Europe/Zurich', '2026-03-29T00:59:00Z', { weekday: 7, minute: 119 }],
  ])('reads the wall clock of %s at %s', (timeZone, instant, moment) => {
    expect(createLocalTime(timeZone)(at(instant))).toEqual(moment);
  });

  it('moves on from minute to minute, and back', () => {
    const localTime = createLocalTime('UTC');
    const minutes = ['2026-01-05T10:00:00Z', '2026-01-05T10:00:59.999Z', '2026-01-05T10:01:00Z', '2026-01-05T09:59:00Z'].map(
      (instant) => localTime(at(instant)).minute,
    );
    expect(minutes).toEqual([600, 600, 601, 599]);
  });

  it('knows which time zones exist', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});

describe('isInDayParts', () => {
  const night = { weekdays: [5], fromMinute: 1_320, toMinute: 360 };

  it.each([
    ['Friday 21:59', 5, 1_319, false],
    ['Friday 22:00', 5, 1_320, true],
    ['Saturday 05:59', 6, 359, true],
    ['Saturday 06:00', 6, 360, false],
    ['Friday 05:00, the end of a part that began on Thursday', 5, 300, false],
    ['Saturday 23:00', 6, 1_380, false],
  ])('takes a part over midnight as one of the day it starts on: %s', (_, weekday, minute, inside) => {
    expect(isInDayParts([night], { weekday, minute })).toBe(inside);
  });

  it('carries Sunday night into Monday', () => {
    expect(isInDayParts([{ ...night, weekdays: [7] }], { weekday: 1, minute: 0 })).toBe(true);
  });

  it('is always inside without parts', () => {
    expect(isInDayParts([], { weekday: 3, minute: 777 })).toBe(true);
  });

  it('is half-open', () => {
    const part = { weekdays: [], fromMinute: 60, toMinute: 120 };
    expect([59, 60, 119, 120].map((minute) => isInDayParts([part], { weekday: 1, minute }))).toEqual([false, true, true, false]);
  });
});
