import type { Registry } from '@vitrine/platform';
import fastify from 'fastify';

export interface HealthServer {
  /** @returns the address */
  listen(host: string, port: number): Promise<string>;
  close(): Promise<void>;
}

/** `/livez`, `/readyz` and `/metrics` of a worker: bind it where only the orchestrator and Prometheus reach it. */
export function createHealthServer({ metrics, ready }: { readonly metrics: Registry; readonly ready: () => boolean }): HealthServer {
  const app = fastify({ logger: false });
  app.get('/livez', async () => ({ live: true }));
  app.get('/readyz', async (_request, reply) => reply.code(ready() ? 200 : 503).send({ ready: ready() }));
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  return {
    listen: (host, port) => app.listen({ host, port }),
    close: () => app.close(),
  };
}
