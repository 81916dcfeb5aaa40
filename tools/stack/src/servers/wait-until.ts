const PAUSE_MS = 40;

/** Polls until `check` gives a value other than null, or gives null when the deadline passes. An error of `check` leaves at once. */
export async function waitUntil<T>(check: () => T | null | Promise<T | null>, deadlineMs: number): Promise<T | null> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await check();
    if (value !== null || performance.now() >= end) return value;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
