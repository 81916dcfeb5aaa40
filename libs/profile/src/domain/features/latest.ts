/** Something last seen, with its time; both null before. */
export interface Latest {
  readonly value: string | null;
  readonly at: number | null;
}

export const NEVER: Latest = { value: null, at: null };

/** The later one; at the same moment the greater text, so that the order of arrival cannot decide. */
export function latest(a: Latest, b: Latest): Latest {
  if (a.at === null || b.at === null) return a.at === null ? b : a;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return (a.value ?? '') >= (b.value ?? '') ? a : b;
}

export function latestTime(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
