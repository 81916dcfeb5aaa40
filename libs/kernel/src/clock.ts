/** Milliseconds since the Unix epoch. The only source of time for domain and application code. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
