import { DomainError } from '@vitrine/kernel';
import { scopesOf } from '@vitrine/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticate } from './auth/authenticate';
import { headerCredentials } from './caller.hooks';
import type { GatewayMetrics } from './gateway-metrics';
import type { Readiness } from './readiness';

export interface OperationsRoutesDeps {
  readonly readiness: Readiness;
  readonly metrics: GatewayMetrics;
  readonly authenticate: Authenticate;
}

const LOOPBACK: ReadonlySet<string | undefined> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** For orchestrators and Prometheus: `/livez` (restart me when this fails), `/readyz` (send me requests while this holds), `/metrics`. */
export async function operationsRoutes(app: FastifyInstance, { readiness, metrics, authenticate }: OperationsRoutesDeps): Promise<void> {
  app.get('/livez', async () => ({ live: true }));
  app.get('/readyz', async (_request, reply) => {
    const report = readiness.report();
    metrics.setReady(report.ready);
    return reply.code(report.ready ? 200 : 503).send(report);
  });
  app.get('/metrics', async (request, reply) => {
    if (!isLocal(request)) await demandInsight(request, authenticate);
    metrics.setReady(readiness.report().ready);
    const { contentType, body } = await metrics.expose();
    return reply.type(contentType).send(body);
  });
}

/** From this machine and not through a proxy on it. */
function isLocal(request: FastifyRequest): boolean {
  const { headers, socket } = request;
  return LOOPBACK.has(socket.remoteAddress) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined;
}

async function demandInsight(request: FastifyRequest, authenticate: Authenticate): Promise<void> {
  const caller = await authenticate(headerCredentials(request));
  if (caller.kind === 'unknown') throw new DomainError('UNAUTHENTICATED');
  if (!scopesOf(caller.principal).has('insight:read')) throw new DomainError('FORBIDDEN');
}
