import type { Caller } from '../context';
import type { RateLimiter } from './shared-rate-limiter';

export interface RequestLimits {
  /** @throws DomainError RATE_LIMITED */
  admit(caller: Caller, ip: string): Promise<void>;
}

/**
 * One budget per key or staff member and, for callers that stand for one shopper, a smaller one per signed-in visitor or address.
 * An anonymous visitor id is no budget's name: the client chooses it, so it would be a way around every limit.
 */
export function createRequestLimits(perKey: RateLimiter, perVisitor: RateLimiter): RequestLimits {
  return {
    async admit(caller, ip) {
      if (caller.kind === 'unknown') return perVisitor.consume(`ip:${ip}`);
      const { principal } = caller;
      if (principal.kind === 'publishable') await perVisitor.consume(`ip:${ip}`);
      if (principal.kind === 'visitor') await perVisitor.consume(`user:${principal.userId}`);
      await perKey.consume(principal.keyId);
    },
  };
}
