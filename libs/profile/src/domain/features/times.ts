/** Moments in ms, oldest first; equal ones stay. */
export type Times = readonly number[];

/** The newest of all moments given, at most `most`. */
export function newest(times: Times, most: number): Times {
  return times.toSorted((a, b) => a - b).slice(-most);
}
