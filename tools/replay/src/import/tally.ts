import { z } from 'zod';

const refusedLine = z.object({ line: z.number().int().positive(), code: z.string(), reason: z.string() }).readonly();

export const tallySchema = z
  .object({
    lines: z.number().int().nonnegative(),
    accepted: z.number().int().nonnegative(),
    duplicate: z.number().int().nonnegative(),
    refusedCount: z.number().int().nonnegative(),
    refused: z.array(refusedLine).readonly(),
    leftOut: z.record(z.string(), z.number().int().positive()).readonly(),
  })
  .readonly();

export interface RefusedLine {
  /** From 1. */
  readonly line: number;
  readonly code: string;
  readonly reason: string;
}

/** What became of lines: `lines` is the sum of all the others. */
export interface ImportTally {
  /** Lines of a log, rows of a table. */
  readonly lines: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly refusedCount: number;
  /** Lines that are not events, and events that the gateway refused; the first hundred. */
  readonly refused: readonly RefusedLine[];
  /** In order, but no event of a person: how many, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export const EMPTY_TALLY: ImportTally = { lines: 0, accepted: 0, duplicate: 0, refusedCount: 0, refused: [], leftOut: {} };
export const SHOWN_REFUSED = 100;

export function addTallies(a: ImportTally, b: ImportTally): ImportTally {
  const leftOut: Record<string, number> = { ...a.leftOut };
  for (const [why, count] of Object.entries(b.leftOut)) leftOut[why] = (leftOut[why] ?? 0) + count;
  return {
    lines: a.lines + b.lines,
    accepted: a.accepted + b.accepted,
    duplicate: a.duplicate + b.duplicate,
    refusedCount: a.refusedCount + b.refusedCount,
    refused: a.refused.length >= SHOWN_REFUSED ? a.refused : [...a.refused, ...b.refused].slice(0, SHOWN_REFUSED),
    leftOut,
  };
}
