import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@vitrine/kernel';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../context';
import type { Authenticate, Credentials } from './auth/authenticate';
import type { IsInternalAddress } from './internal-traffic';
import type { RequestLimits } from './request-limits';

export interface AdmissionDeps {
  readonly authenticate: Authenticate;
  readonly limits: RequestLimits;
  readonly isInternalAddress: IsInternalAddress;
}

const callers = new WeakMap<FastifyRequest, Caller>();

/** Who sent this request, as far as a hook has found out. */
export function callerOf(request: FastifyRequest): Caller {
  return callers.get(request) ?? { kind: 'unknown', reason: 'missing' };
}

/** Finds out who calls and takes the request from that caller's budget. @throws DomainError RATE_LIMITED, DEPENDENCY_UNAVAILABLE */
export async function admit(
  request: FastifyRequest,
  credentials: Credentials,
  { authenticate, limits }: Pick<AdmissionDeps, 'authenticate' | 'limits'>,
): Promise<Caller> {
  const caller = await authenticate(credentials);
  callers.set(request, caller);
  await limits.admit(caller, request.ip);
  return caller;
}

interface WithHeaders {
  readonly headers: IncomingHttpHeaders;
}

export function headerCredentials(request: WithHeaders): Credentials {
  return {
    authorization: header(request, 'authorization'),
    key: header(request, 'x-vitrine-key'),
    userToken: header(request, 'x-vitrine-user'),
  };
}

/** One value, or null. @throws DomainError BAD_USER_INPUT when a header that must be unique came twice */
function header(request: WithHeaders, name: string): string | null {
  const value = request.headers[name];
  if (Array.isArray(value)) throw new DomainError('BAD_USER_INPUT', `the header ${name} was sent twice`);
  return value === undefined || value === '' ? null : value;
}
