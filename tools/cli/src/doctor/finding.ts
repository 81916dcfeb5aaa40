/** What one check found. A warning is worth knowing, a fault makes the system work wrongly or not at all. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly found: string;
  /** How to mend it; null when all is well. */
  readonly mend: string | null;
}

export const fine = (check: string, found: string): Finding => ({ check, state: 'ok', found, mend: null });
export const warning = (check: string, found: string, mend: string): Finding => ({ check, state: 'warning', found, mend });
export const fault = (check: string, found: string, mend: string): Finding => ({ check, state: 'fault', found, mend });
