import { DomainError } from '@vitrine/kernel';
import type { Logger, Principal } from '@vitrine/platform';
import { isBotRequest } from './edge/bot';

/** Who sent this request: somebody we know, or why nobody. */
export type Caller =
  { readonly kind: 'known'; readonly principal: Principal } | { readonly kind: 'unknown'; readonly reason: 'missing' | 'refused' };

export interface RequestContextFields {
  readonly caller: Caller;
  readonly requestId: string;
  /** Child logger that carries the request id. */
  readonly logger: Logger;
  readonly userAgent: string | null;
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

  constructor(fields: RequestContextFields) {
    this.caller = fields.caller;
    this.requestId = fields.requestId;
    this.logger = fields.logger;
    this.userAgent = fields.userAgent;
  }

  /** @throws DomainError UNAUTHENTICATED when no valid key or token came with the request */
  get principal(): Principal {
    if (this.caller.kind === 'unknown') throw new DomainError('UNAUTHENTICATED');
    return this.caller.principal;
  }

  /** No person sees what is asked for (D4). @throws DomainError UNAUTHENTICATED */
  get bot(): boolean {
    return isBotRequest(this.principal, this.userAgent);
  }
}
