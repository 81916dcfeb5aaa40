import { parseBeaconBody } from '@vitrine/feedback';
import { DomainError } from '@vitrine/kernel';
import { scopesOf, type Principal } from '@vitrine/platform';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { isAllowedOrigin } from './allowed-origins';
import { admit, headerCredentials, type AdmissionDeps } from './caller.hooks';
import type { Credentials } from './auth/authenticate';
import { isInternalRequest } from './internal-traffic';

export interface BeaconBatch {
  readonly principal: Principal;
  readonly requestId: string;
  readonly userAgent: string | null;
  /** Whether the shop's own people sent it. */
  readonly internal: boolean;
  /** Unchecked: the shape of each event is the business of the path that all events share. */
  readonly events: readonly unknown[];
  /** The sender's name for this call, to be answered alike when it is made again. */
  readonly call: string | null;
}

export interface BeaconResult {
  readonly eventId: string;
  readonly status: string;
  readonly code: string | null;
}

/** The path that every event takes, whatever door it came through. */
export type IngestEvents = (batch: BeaconBatch) => Promise<readonly BeaconResult[]>;

export interface BeaconRoutesDeps {
  readonly admission: AdmissionDeps;
  readonly ingest: IngestEvents;
  readonly allowedOrigins: readonly string[];
}

interface BeaconBody {
  readonly key: string | null;
  readonly userToken: string | null;
  readonly events: readonly unknown[];
}

const CALL_NAME = /^[\w.:-]{8,128}$/;

/**
 * `POST /v1/events` for `navigator.sendBeacon`, which can set no header and, without a preflight, sends text/plain only: the body is
 * JSON either way, and the publishable key may stand in the address (`?key=`) or in the body.
 * A sender that may lose an answer names its call in `idempotency-key`: made again within an hour, it is answered as it was.
 */
export async function beaconRoutes(app: FastifyInstance, { admission, ingest, allowedOrigins }: BeaconRoutesDeps): Promise<void> {
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  app.addHook('onRequest', async (request) => {
    if (!isAllowedOrigin(request.headers, allowedOrigins)) throw new DomainError('FORBIDDEN', 'This origin may not send events.');
  });
  app.setErrorHandler((error: FastifyError | DomainError) => {
    throw error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? new DomainError('EVENT_TOO_LARGE', undefined, { cause: error }) : error;
  });
  app.post('/v1/events', async (request, reply) => {
    const body = parseBody(request.body);
    const caller = await admit(request, credentialsOf(request, body), admission);
    if (caller.kind === 'unknown') throw new DomainError('UNAUTHENTICATED');
    if (!scopesOf(caller.principal).has('events:write')) throw new DomainError('FORBIDDEN');
    const results = await ingest({
      principal: caller.principal,
      requestId: request.id,
      userAgent: request.headers['user-agent'] ?? null,
      internal: isInternalRequest(caller.principal, admission.isInternalAddress(request.ip)),
      events: body.events,
      call: callNameOf(request),
    });
    return reply.code(202).send({ results });
  });
}

function parseBody(body: unknown): BeaconBody {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
  const events = parseBeaconBody(body);
  if (!events.ok) throw new DomainError(events.error);
  return { key: text(fields['key']), userToken: text(fields['userToken']), events: events.value };
}

/** @throws DomainError BAD_USER_INPUT */
function callNameOf(request: FastifyRequest): string | null {
  const name = request.headers['idempotency-key'];
  if (name === undefined) return null;
  if (typeof name !== 'string' || !CALL_NAME.test(name)) {
    throw new DomainError('BAD_USER_INPUT', 'An idempotency-key has 8 to 128 letters, digits, or any of "-_.:".');
  }
  return name;
}

/** Headers first (servers and fetch), then the address, then the body. */
function credentialsOf(request: FastifyRequest, body: BeaconBody): Credentials {
  const headers = headerCredentials(request);
  const query: unknown = request.query;
  const queryKey = typeof query === 'object' && query !== null && 'key' in query ? text(query.key) : null;
  if (queryKey?.startsWith('sk_') === true) {
    throw new DomainError('UNAUTHENTICATED', 'A secret key must not be sent in an address: addresses end up in logs.');
  }
  return { authorization: headers.authorization, key: headers.key ?? queryKey ?? body.key, userToken: headers.userToken ?? body.userToken };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
