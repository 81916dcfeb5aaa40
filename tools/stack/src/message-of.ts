/** What went wrong, on one line. */
export function messageOf(error: unknown): string {
  const text = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** The `code` of a system error (`ENOENT`), or null. Errors may come from another realm, so their class says nothing. */
export function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
}
