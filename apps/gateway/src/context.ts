import { DomainError } from '@vitrine/kernel';
import type { Logger, Principal } from '@vitrine/platform';
import { isBotRequest } from './edge/bot';
import { isInternalRequest } from './edge/internal-traffic';

/** Who sent this request: somebody we know, or why nobody. */
export type Caller =
  { readonly kind: 'known'; readonly principal: Principal } | { readonly kind: 'unknown'; readonly reason: 'missing' | 'refused' };

export interface RequestContextFields {
  readonly caller: Caller;
  readonly requestId: string;
  /** Child logger that carries the request id. */
  readonly logger: Logger;
  readonly userAgent: string | null;
  /** Whether it came from one of the shop's own networks. */
  readonly fromInside: boolean;
}

/**
 * The GraphQL context of one request; satisfies the slice that each library's `graphql/` folder declares.
 *
 * `principal` is an accessor of the prototype on purpose: Apollo copies the own properties of a context, which would call an own
 * accessor and fail requests that need no caller at all.
 */
export class RequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly logger: Logger;
  readonly userAgent: string | null;
  readonly fromInside: boolean;

  constructor(fields: RequestContextFields) {
    this.caller = fields.caller;
    this.requestId = fields.requestId;
    this.logger = fields.logger;
    this.userAgent = fields.userAgent;
    this.fromInside = fields.fromInside;
  }

  /** @throws DomainError UNAUTHENTICATED when no valid key or token came with the request */
  get principal(): Principal {
    if (this.caller.kind === 'unknown') throw new DomainError('UNAUTHENTICATED');
    return this.caller.principal;
  }

  /** The shop's own people ask. @throws DomainError UNAUTHENTICATED */
  get internal(): boolean {
    return isInternalRequest(this.principal, this.fromInside);
  }

  /** No shopper sees what is asked for (D4). @throws DomainError UNAUTHENTICATED */
  get bot(): boolean {
    return this.internal || isBotRequest(this.principal, this.userAgent);
  }
}
