import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type Stack } from '@vitrine/stack';
import { eventually } from '@vitrine/testing';
import { createConnection, type Connection } from 'mongoose';
import { seedCatalog } from './harness/catalog.fixture';
import { LoopApi, shownAndClicked, untilHuman } from './harness/loop-api';
import { buildBundles, createProcesses, type Processes } from './harness/processes';
import { loopEnv, SET_UP_DEADLINE_MS } from './harness/use-loop';

const BACK_DEADLINE_MS = 40_000;
const NO_MONGO = 'mongodb://127.0.0.1:1/nowhere';

describe('a database that goes away while shops are open', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vitrine-outage-'));
  const openStack = (): Promise<Stack> =>
    startStack({ dataDir, log: () => undefined, env: { ...process.env, MONGO_URL: '', REDIS_URL: '' } });
  const stacks: Stack[] = [];
  let processes: Processes;
  let api: LoopApi;
  let connection: Connection;

  /** Process of a server of ours, as the stack noted it. */
  const pidOf = (engine: 'mongo' | 'redis'): number => {
    const state: Record<string, { running: { server: { pid: number } } }> = JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8'));
    const pid = state[engine]?.running.server.pid ?? 0;
    expect(pid).toBeGreaterThan(1);
    return pid;
  };
  const stored = (ids: readonly string[]) => connection.collection<{ _id: string }>('events').countDocuments({ _id: { $in: [...ids] } });
  const untilStored = (ids: readonly string[]) =>
    eventually(async () => (await stored(ids)) === ids.length, { what: `${ids.join(', ')} to be stored`, deadlineMs: BACK_DEADLINE_MS });
  const view = (eventId: string) => ({ eventId, type: 'PAGE_VIEW', occurredAt: new Date().toISOString(), visitorId: 'ann' });
  const isAlive = async () => (await fetch(`${api.url}/livez`)).status;
  const ask = async (more: object = {}) => {
    const { data, errors } = await api.banners({ visitorId: 'ann', placements: [{ id: 'hero' }], ...more });
    return { errors, decision: data?.banners.decisions[0] };
  };

  beforeAll(async () => {
    buildBundles();
    const stack = await openStack();
    stacks.push(stack);
    processes = createProcesses(() => loopEnv({ MONGO_URL: stack.mongoUrl, REDIS_URL: stack.redisUrl, PROFILE_DEADLINE_MS: '50' }));
    connection = await createConnection(stack.mongoUrl).asPromise();
    const [gateway] = await Promise.all([processes.start('gateway'), processes.start('worker')]);
    api = new LoopApi(gateway.url);
    await seedCatalog(api);
  }, SET_UP_DEADLINE_MS);
  afterAll(async () => {
    await processes?.stopAll();
    await connection?.close();
    for (const stack of stacks.toReversed()) await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }, 60_000);

  it('answers banners and rejects events while Redis hangs, and takes the same events once when it is back', async () => {
    const decision = await api.decide('ann', 'hero');
    await untilHuman();
    const events = [...shownAndClicked('ann', decision), view('hang-view')];
    const redis = pidOf('redis');
    process.kill(redis, 'SIGSTOP');
    try {
      const outcomes = await api.record(events);
      expect(outcomes.map(({ status, code }) => [status, code])).toEqual(events.map(() => ['REJECTED', 'QUEUE_UNAVAILABLE']));
      const plain = await ask();
      expect(plain.errors).toEqual([]);
      expect(plain.decision?.slots).toHaveLength(2);
      expect((await ask({ decisionGroupId: 'cannot-be-kept' })).decision).toMatchObject({ degraded: true, slots: [{}, {}] });
      expect(await isAlive()).toBe(200);
    } finally {
      process.kill(redis, 'SIGCONT');
    }
    await eventually(async () => (await api.record(events)).every(({ status }) => status !== 'REJECTED'), {
      what: 'events to be taken',
      deadlineMs: BACK_DEADLINE_MS,
    });
    await untilStored(outcomesIds(decision.decisionId));
    const [clicks] = await connection
      .collection('rollups')
      .aggregate([{ $group: { _id: null, clicks: { $sum: '$clicks' }, trials: { $sum: '$trials' } } }])
      .toArray();
    expect(clicks).toMatchObject({ clicks: 1, trials: 1 });
  }, 90_000);

  it('loses no accepted event when Redis is killed and started again', async () => {
    expect(await api.record([view('before-kill')])).toMatchObject([{ status: 'ACCEPTED' }]);
    process.kill(pidOf('redis'), 'SIGKILL');
    await eventually(async () => (await api.record([view(`probe-${Date.now()}`)]))[0]?.code === 'QUEUE_UNAVAILABLE', {
      what: 'the outage',
    });
    expect((await ask()).decision?.slots).toHaveLength(2);
    expect(await isAlive()).toBe(200);
    stacks.push(await openStack());
    await eventually(async () => (await api.record([view('after-kill')]))[0]?.status !== 'REJECTED', {
      what: 'events to be taken',
      deadlineMs: BACK_DEADLINE_MS,
    });
    await untilStored(['before-kill', 'after-kill']);
  }, 90_000);

  it('answers banners, degraded, and takes events while Mongo hangs; they are stored when it is back', async () => {
    const mongo = pidOf('mongo');
    process.kill(mongo, 'SIGSTOP');
    try {
      const { errors, decision } = await ask({ visitorId: 'nobody-cached' });
      expect(errors).toEqual([]);
      expect(decision).toMatchObject({ degraded: true, slots: [{}, {}] });
      expect(await api.record([view('while-mongo-hangs')])).toMatchObject([{ status: 'ACCEPTED' }]);
      expect(await isAlive()).toBe(200);
    } finally {
      process.kill(mongo, 'SIGCONT');
    }
    await untilStored(['while-mongo-hangs']);
    await eventually(async () => (await ask({ visitorId: 'nobody-cached' })).decision?.degraded === false, {
      what: 'full answers',
      deadlineMs: BACK_DEADLINE_MS,
    });
  }, 90_000);

  it('makes a gateway that starts without Mongo wait, say so, and give up with exit code 3', async () => {
    const gateway = await processes.start('gateway', { env: { MONGO_URL: NO_MONGO, START_DEADLINE_MS: '2500' }, detached: true });
    await eventually(() => gateway.log().includes('waiting for a dependency'), { what: 'the message' });
    expect(await gateway.ended).toBe(3);
    expect(gateway.log()).toContain('DEPENDENCY_UNAVAILABLE');
  }, 30_000);
});

const outcomesIds = (decisionId: string): readonly string[] => [`${decisionId}-seen`, `${decisionId}-click`, 'hang-view'];
