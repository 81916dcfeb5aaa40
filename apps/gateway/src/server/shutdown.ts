import type { Logger } from '@vitrine/platform';
import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../edge/readiness';

export interface ShutdownDeps {
  readonly app: FastifyInstance;
  readonly readiness: Readiness;
  readonly logger: Logger;
  /** How long `/readyz` says no before connections are refused, so that load balancers look elsewhere first. */
  readonly noticeMs: number;
  /** How long requests in flight may take; then their connections are cut. */
  readonly deadlineMs: number;
  /** Run in this order once no request is left; a failing one does not keep the others from running. */
  readonly closers: readonly Closer[];
}

export interface Closer {
  readonly name: string;
  readonly close: () => Promise<unknown>;
}

/** Drains the server once, however often it is called: not ready, no new connections, requests in flight, queues, databases. */
export function createShutdown(deps: ShutdownDeps): (reason: string) => Promise<void> {
  let running: Promise<void> | null = null;
  return (reason) => (running ??= drain(deps, reason));
}

async function drain({ app, readiness, logger, noticeMs, deadlineMs, closers }: ShutdownDeps, reason: string): Promise<void> {
  logger.info({ reason }, 'draining');
  readiness.drain();
  await new Promise((resolve) => setTimeout(resolve, noticeMs));
  const cut = setTimeout(() => {
    logger.warn({ deadlineMs }, 'requests in flight were cut');
    app.server.closeAllConnections();
  }, deadlineMs);
  await app.close();
  clearTimeout(cut);
  await closeAll(closers, deadlineMs, logger);
  logger.info({}, 'drained');
}

/** Closes in order, giving each the deadline. */
export async function closeAll(closers: readonly Closer[], deadlineMs: number, logger: Logger): Promise<void> {
  for (const { name, close } of closers) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), deadlineMs);
    });
    try {
      if ((await Promise.race([close(), late])) === 'late') logger.warn({ part: name, deadlineMs }, 'a part did not close in time');
    } catch (error) {
      logger.warn({ part: name, err: error }, 'a part did not close cleanly');
    } finally {
      clearTimeout(timer);
    }
  }
}
