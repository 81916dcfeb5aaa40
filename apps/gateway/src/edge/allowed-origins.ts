import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyCorsOptions } from '@fastify/cors';

const A_DAY_S = 86_400;
const ANY = '*';

/** Browsers of the configured origins may call; nothing configured, none but our own. `*` stands for every origin. */
export function corsOptions(allowedOrigins: readonly string[]): FastifyCorsOptions {
  return {
    origin: allowedOrigins.includes(ANY) ? true : [...allowedOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'x-vitrine-key', 'x-vitrine-user', 'x-request-id', 'apollo-require-preflight'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    credentials: false,
    maxAge: A_DAY_S,
    strictPreflight: false,
  };
}

/** A text/plain request is sent without a preflight, so that CORS alone would hide the answer but not stop the effect. */
export function isAllowedOrigin({ origin, host }: IncomingHttpHeaders, allowedOrigins: readonly string[]): boolean {
  if (origin === undefined || allowedOrigins.includes(ANY) || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
