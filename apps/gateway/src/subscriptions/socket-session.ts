import type { IncomingMessage } from 'node:http';
import { DomainError } from '@vitrine/kernel';
import { newUuid, type Logger } from '@vitrine/platform';
import { RequestContext, type Caller } from '../context';
import type { Credentials } from '../edge/auth/authenticate';
import type { AdmissionDeps } from '../edge/caller.hooks';
import { subscriptionLimitError } from '../server/operation-limits';
import { budgetName, type ConnectionBudget } from './connection-budget';
import { socketCredentials } from './socket-credentials';

export interface SocketSessionDeps {
  readonly admission: AdmissionDeps;
  readonly budget: ConnectionBudget;
  readonly logger: Logger;
}

/** One socket: who holds it, and what it takes of that caller's budgets. */
export class SocketSession {
  private credentials: Credentials | null = null;
  private caller: Caller = { kind: 'unknown', reason: 'missing' };
  private taken: string | null = null;
  private closed = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly deps: SocketSessionDeps,
  ) {}

  get address(): string {
    return this.request.socket.remoteAddress ?? '';
  }

  /** @throws DomainError UNAUTHENTICATED, BAD_USER_INPUT, RATE_LIMITED, DEPENDENCY_UNAVAILABLE; OPERATION_LIMIT: too many sockets of this caller */
  async open(parameters: Readonly<Record<string, unknown>>): Promise<void> {
    const { admission, budget } = this.deps;
    const credentials = socketCredentials(this.request, parameters);
    const caller = await admission.authenticate(credentials);
    if (caller.kind === 'unknown') throw new DomainError('UNAUTHENTICATED');
    await admission.limits.admit(caller, this.address);
    if (this.closed) return; // it hung up meanwhile, and nobody would give back what is taken now
    const name = budgetName(caller, this.address);
    if (!budget.take(name)) throw subscriptionLimitError('connections');
    this.taken = name;
    this.caller = caller;
    this.credentials = credentials;
  }

  /** Takes one subscription from the caller's budget of requests. @throws DomainError RATE_LIMITED */
  async admit(): Promise<void> {
    await this.deps.admission.limits.admit(this.caller, this.address);
  }

  /** Tokens run out while sockets stay open. @returns whether the caller would still be let in; an issuer that is away changes nothing */
  async stillHolds(): Promise<boolean> {
    if (this.credentials === null) return true;
    try {
      return (await this.deps.admission.authenticate(this.credentials)).kind === 'known';
    } catch {
      return true;
    }
  }

  /** The context of one subscription. */
  context(): RequestContext {
    const requestId = newUuid();
    return new RequestContext({
      caller: this.caller,
      requestId,
      logger: this.deps.logger.child({ requestId }),
      userAgent: this.request.headers['user-agent'] ?? null,
      fromInside: this.deps.admission.isInternalAddress(this.address),
    });
  }

  close(): void {
    this.closed = true;
    if (this.taken !== null) this.deps.budget.release(this.taken);
    this.taken = null;
  }
}
