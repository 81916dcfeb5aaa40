import { err, ok } from '@vitrine/kernel';
import { textAt, type CellReader, type ColumnIndex } from './cell-reader';
import type { DateSource } from './csv-mapping';

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?(Z|[+-]\d{2}:?\d{2})?$/;
const NUMBER = /^\d{1,14}(\.\d+)?$/;
const SECOND_MS = 1_000;

/** ms since the epoch. */
export function dateReader({ column, date, offset }: DateSource, at: ColumnIndex): CellReader<number> {
  const index = at(column, 'fields.occurredAt.column');
  return (cells) => {
    const text = textAt(cells, index);
    if (text === undefined) return err(`column ${column}: no time`);
    const time = date === 'iso' ? isoTime(text, offset) : unixTime(text, date === 'unix-seconds' ? SECOND_MS : 1);
    return time === null ? err(`column ${column}: not a time of the form ${date}`) : ok(time);
  };
}

function unixTime(text: string, unitMs: number): number | null {
  return NUMBER.test(text) ? Math.round(Number(text) * unitMs) : null;
}

function isoTime(text: string, offset: string): number | null {
  const [, day, clock = '00:00', zone = offset] = ISO.exec(text) ?? [];
  if (day === undefined) return null;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return null; // the 31st of February
  const withColon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const time = Date.parse(`${day}T${clock}${withColon}`);
  return Number.isNaN(time) ? null : time;
}
