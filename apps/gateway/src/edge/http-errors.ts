import { DomainError, ERRORS, type ErrorCode } from '@vitrine/kernel';
import { newUuid } from '@vitrine/platform';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayMetrics } from './gateway-metrics';

/** What Fastify itself refuses, in our words. */
const FASTIFY_CODES: Readonly<Record<string, { readonly code: ErrorCode; readonly status: number; readonly message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'OPERATION_LIMIT', status: 413, message: 'The request body is too large.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'BAD_USER_INPUT', status: 400, message: 'The request body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'BAD_USER_INPUT', status: 400, message: 'The request body is empty.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'BAD_USER_INPUT', status: 415, message: 'The content type is not supported.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'BAD_USER_INPUT', status: 400, message: 'The content length does not match the body.' },
};

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Gives every failed request of this server one shape, that of a GraphQL answer without data: `{ errors: [{ message, extensions }] }`. */
export function installHttpErrors(app: FastifyInstance, metrics: GatewayMetrics): void {
  app.setErrorHandler((error: FastifyError | DomainError, request, reply) => {
    const refusal = toRefusal(error, request);
    metrics.countRefusal(String(refusal.extensions['code']));
    return send(reply, refusal);
  });
  app.setNotFoundHandler((_request, reply) => send(reply, coded('NOT_FOUND', { message: 'No such route.' })));
}

function toRefusal(error: FastifyError | DomainError, request: FastifyRequest): Refusal {
  if (error instanceof DomainError && error.entry.status < 500)
    return coded(error.code, { message: error.message, details: error.details });
  const ofFastify = error instanceof DomainError ? undefined : FASTIFY_CODES[error.code];
  if (ofFastify !== undefined) return coded(ofFastify.code, ofFastify);
  if (!(error instanceof DomainError) && error.statusCode !== undefined && error.statusCode < 500)
    return coded('BAD_USER_INPUT', { status: error.statusCode });
  const id = newUuid();
  const code = error instanceof DomainError ? error.code : 'INTERNAL';
  request.log[ERRORS[code].logLevel]({ errorId: id, code, err: error }, 'a request failed');
  return coded(code, { id });
}

function coded(
  code: ErrorCode,
  more: { readonly status?: number; readonly message?: string; readonly details?: DomainError['details']; readonly id?: string },
): Refusal {
  const { status, retryable, publicMessage } = ERRORS[code];
  const details = more.details === undefined || Object.keys(more.details).length === 0 ? {} : { details: more.details };
  return {
    status: more.status ?? status,
    message: more.message ?? publicMessage,
    extensions: { code, retryable, ...details, ...(more.id === undefined ? {} : { id: more.id }) },
  };
}

function send(reply: FastifyReply, { status, message, extensions }: Refusal): FastifyReply {
  const details = extensions['details'];
  const retryAfterMs = typeof details === 'object' && details !== null && 'retryAfterMs' in details ? Number(details.retryAfterMs) : null;
  if (retryAfterMs !== null) void reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions }] });
}
