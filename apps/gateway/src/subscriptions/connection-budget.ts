import type { Caller } from '../context';

/** Counts open sockets by name, in this process alone. */
export class ConnectionBudget {
  private readonly open = new Map<string, number>();

  constructor(private readonly perName: number) {}

  /** @returns whether there was room for one more; what was taken is to be released */
  take(name: string): boolean {
    const taken = this.open.get(name) ?? 0;
    if (taken >= this.perName) return false;
    this.open.set(name, taken + 1);
    return true;
  }

  release(name: string): void {
    const left = (this.open.get(name) ?? 0) - 1;
    if (left > 0) this.open.set(name, left);
    else this.open.delete(name);
  }
}

/** Whose sockets are counted together, as the limits of requests do it: an app's key is in every shopper's hand, so its address counts. */
export function budgetName({ principal }: Extract<Caller, { kind: 'known' }>, address: string): string {
  if (principal.kind === 'publishable') return `ip:${address}`;
  return principal.kind === 'visitor' ? `user:${principal.userId}` : `key:${principal.keyId}`;
}
