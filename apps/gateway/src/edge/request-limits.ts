import type { Caller } from '../context';
import type { RateLimiter } from './shared-rate-limiter';

export interface RequestLimits {
  /** @throws DomainError RATE_LIMITED */
  admit(caller: Caller, ip: string): Promise<void>;
}

export interface RequestLimitsDeps {
  readonly perKey: RateLimiter;
  readonly perVisitor: RateLimiter;
  /** Keyed: budgets are shared through Redis, where no user's id and no address is to be read. */
  readonly hash: (name: string) => string;
}

/**
 * One budget per key or staff member and, for callers that stand for one shopper, a smaller one per signed-in visitor or address.
 * An anonymous visitor id is no budget's name: the client chooses it, so it would be a way around every limit.
 */
export function createRequestLimits({ perKey, perVisitor, hash }: RequestLimitsDeps): RequestLimits {
  return {
    async admit(caller, ip) {
      if (caller.kind === 'unknown') return perVisitor.consume(hash(`ip:${ip}`));
      const { principal } = caller;
      if (principal.kind === 'publishable') await perVisitor.consume(hash(`ip:${ip}`));
      if (principal.kind === 'visitor') await perVisitor.consume(hash(`user:${principal.userId}`));
      await perKey.consume(principal.keyId);
    },
  };
}
