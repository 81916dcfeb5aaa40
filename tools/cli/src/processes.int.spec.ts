import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, stillRuns } from '@vitrine/stack';
import { eventually } from '@vitrine/testing';
import { isReady } from './app-process';
import { startApps, type AppsOptions, type RunningApps } from './processes';

/** An app as the starter sees it: a program that answers `/readyz` on its port and ends on SIGTERM. */
const APP = `
  const { createServer } = require('node:http');
  const port = Number(process.env.GATEWAY_PORT ?? process.env.WORKER_PORT);
  const server = createServer((request, response) => {
    if (request.url === '/crash') process.exit(7);
    response.writeHead(request.url === '/readyz' ? 200 : 404).end(process.env.MONGO_URL);
  }).listen(port, '127.0.0.1');
  process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });`;

describe('startApps', () => {
  let dir = '';
  const open: RunningApps[] = [];
  const start = async (over: Partial<AppsOptions> = {}): Promise<RunningApps> => {
    const entries = { gateway: join(dir, 'gateway.cjs'), worker: join(dir, 'worker.cjs') };
    const { PATH } = process.env;
    const options = { mongoUrl: 'mongodb://m', redisUrl: 'redis://r', env: { PATH }, root: dir, logDir: join(dir, 'logs'), entries };
    const apps = await startApps({ ...options, ...over });
    open.push(apps);
    return apps;
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'vitrine-apps-'));
    for (const name of ['gateway', 'worker']) writeFileSync(join(dir, `${name}.cjs`), APP);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((apps) => apps.stop()));
    rmSync(dir, { recursive: true, force: true });
  });

  it('gives both apps, ready, with the databases they shall use', async () => {
    const apps = await start();
    expect(await isReady(apps.workerUrl)).toBe(true);
    expect(await (await fetch(apps.gatewayUrl)).text()).toBe('mongodb://m');
  });

  it('lets both drain when it stops', async () => {
    const apps = await start();
    const before = [identify(apps.gateway.pid), identify(apps.worker.pid)];
    await apps.stop();
    expect(before.map((app) => app !== null && stillRuns(app))).toEqual([false, false]);
    expect(readFileSync(join(dir, 'logs', 'worker.log'), 'utf8')).toBe('drained\n');
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('restarts the worker after %s on the same port, without calling it a crash', async (signal) => {
    const apps = await start();
    const before = apps.worker.pid;
    await apps.restartWorker(signal);
    expect(apps.worker.pid).not.toBe(before);
    expect(await isReady(apps.workerUrl)).toBe(true);
    expect(await Promise.race([apps.crashed, Promise.resolve('no crash')])).toBe('no crash');
  });

  it('tells when an app ends unasked', async () => {
    const apps = await start();
    await fetch(`${apps.gatewayUrl}/crash`).catch(() => null);
    expect(await apps.crashed).toMatch(/gateway ended unasked \(exit code 7\)/);
  });

  it('shows the end of the log of an app that does not start, and stops the other', async () => {
    writeFileSync(join(dir, 'worker.cjs'), `console.error('no configuration'); process.exit(3);`);
    await expect(start()).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      message: expect.stringMatching(/worker ended while starting \(exit code 3\)[^]*no configuration/),
    });
    expect(readFileSync(join(dir, 'logs', 'gateway.log'), 'utf8')).toBe('drained\n');
  });

  it('gives up when it is told to end while it starts', async () => {
    const end = new AbortController();
    writeFileSync(join(dir, 'gateway.cjs'), 'setInterval(() => {}, 1e6)');
    const starting = start({ signal: end.signal });
    end.abort();
    await expect(starting).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('says which bundle is missing', async () => {
    rmSync(join(dir, 'worker.cjs'));
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('worker.cjs is missing') });
  });

  it('takes another port when the usual one is held', async () => {
    const [first, second] = [await start(), await start({ logDir: join(dir, 'other') })];
    expect(second.gatewayUrl).not.toBe(first.gatewayUrl);
    expect(await eventually(() => isReady(second.gatewayUrl), { what: 'the second gateway' })).toBe(true);
  });
});
