import Fastify, { type FastifyInstance } from 'fastify';
import { capturedLog, eventually } from '@vitrine/testing';
import { Readiness } from '../edge/readiness';
import { createShutdown, type Closer } from './shutdown';

async function serverThatHangsUntil(release: Promise<void>): Promise<{ app: FastifyInstance; url: string; entered: () => number }> {
  let entered = 0;
  const app = Fastify({ forceCloseConnections: 'idle' });
  app.get('/slow', async () => {
    entered++;
    await release;
    return 'served';
  });
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }), entered: () => entered };
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('shutdown', () => {
  it('says not ready, lets requests in flight finish, then closes the parts in order, once', async () => {
    const { opened, open } = gate();
    const { app, url, entered } = await serverThatHangsUntil(opened);
    const readiness = new Readiness(() => true, {});
    const closed: string[] = [];
    const closers: Closer[] = [
      { name: 'queue', close: async () => void closed.push('queue') },
      {
        name: 'broken',
        close: async () => {
          throw new TypeError('broken');
        },
      },
      { name: 'mongo', close: async () => void closed.push('mongo') },
    ];
    const { logger, lines } = capturedLog();
    const shutdown = createShutdown({ app, readiness, logger, noticeMs: 0, deadlineMs: 5_000, closers });
    const answer = fetch(`${url}/slow`).then((response) => response.text());
    await eventually(() => entered() === 1, { what: 'the request to arrive' });

    const done = Promise.all([shutdown('SIGTERM'), shutdown('SIGINT')]);
    expect(readiness.report().ready).toBe(false);
    expect(closed).toEqual([]);
    open();
    await done;
    expect(await answer).toBe('served');
    expect(closed).toEqual(['queue', 'mongo']);
    expect(lines().map((line) => line['msg'])).toEqual(['draining', 'a part did not close cleanly', 'drained']);
  });

  it('cuts requests that outlast the deadline', async () => {
    const { opened, open } = gate();
    const { app, url, entered } = await serverThatHangsUntil(opened);
    const shutdown = createShutdown({
      app,
      readiness: new Readiness(() => true, {}),
      logger: capturedLog().logger,
      noticeMs: 0,
      deadlineMs: 50,
      closers: [],
    });
    const answer = fetch(`${url}/slow`).then(
      () => 'served',
      () => 'cut',
    );
    await eventually(() => entered() === 1, { what: 'the request to arrive' });
    await shutdown('SIGTERM');
    open();
    expect(await answer).toBe('cut');
  });
});
