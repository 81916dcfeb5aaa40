import { DomainError } from '@vitrine/kernel';
import { capturedLog, eventually } from '@vitrine/testing';
import { loadConfig } from '../config/config';
import { runProcess, type ProcessHost, type Service } from './run-process';

const SECRET = Buffer.alloc(32, 7).toString('base64');
const VALID = {
  MONGO_URL: 'mongodb://127.0.0.1/vitrine',
  REDIS_URL: 'redis://127.0.0.1',
  PUBLISHABLE_KEYS: 'pk_0123456789abcdef',
  TOKEN_MASTER_KEYS: `1:${SECRET}`,
  PERSONAL_DATA_KEYS: `1:${SECRET}`,
  DECISION_SEED_KEY: SECRET,
  VISITOR_HASH_KEY: SECRET,
};

function aHost(over: Partial<ProcessHost> = {}) {
  const log = capturedLog();
  const seen = { exits: new Array<number>(), exitCode: 0, complaints: new Array<string>(), stops: new Array<string>() };
  const signals = new Map<string, () => void>();
  const host: ProcessHost = {
    config: () => loadConfig(VALID),
    logger: () => log.logger,
    onSignal: (signal, run) => void signals.set(signal, run),
    onUnhandledRejection: () => undefined,
    complain: (text) => void seen.complaints.push(text),
    exit: (code) => void seen.exits.push(code),
    setExitCode: (code) => void (seen.exitCode = code),
    ...over,
  };
  const service = (stop: () => Promise<void>): Service => ({
    start: () => Promise.resolve('http://127.0.0.1:4000'),
    stop(reason) {
      seen.stops.push(reason);
      return stop();
    },
  });
  const run = (stop: () => Promise<void> = () => Promise.resolve()) =>
    runProcess({ name: 'gateway', host, compose: () => Promise.resolve(service(stop)) });
  return { host, log, seen, run, signal: (name: NodeJS.Signals) => signals.get(name)?.() };
}

const ended = (exits: readonly number[]) => eventually(async () => exits.length > 0, { deadlineMs: 2_000, what: 'the process to end' });

describe('runProcess', () => {
  it('says where it serves, and keeps secrets out of the log of its configuration', async () => {
    const bench = aHost();
    await bench.run();
    expect(bench.log.lines().at(-1)).toMatchObject({ msg: 'serving', address: 'http://127.0.0.1:4000' });
    expect(bench.log.text()).not.toContain(SECRET);
    expect(bench.seen.exits).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('drains on %s and ends well', async (signal) => {
    const bench = aHost();
    await bench.run();
    bench.signal(signal);
    await ended(bench.seen.exits);
    expect(bench.seen).toMatchObject({ exits: [0], stops: [signal] });
  });

  it('does not wait for the drain at the second signal, whichever it is', async () => {
    const bench = aHost();
    await bench.run(() => new Promise(() => undefined));
    bench.signal('SIGTERM');
    expect(bench.seen.exits).toEqual([]);
    bench.signal('SIGINT');
    expect(bench.seen).toMatchObject({ exits: [1], stops: ['SIGTERM'] });
  });

  it('says so when it could not stop', async () => {
    const bench = aHost();
    await bench.run(() => Promise.reject(new RangeError('stuck')));
    bench.signal('SIGTERM');
    await ended(bench.seen.exits);
    expect(bench.seen.exits).toEqual([1]);
    expect(bench.log.lines().at(-1)).toMatchObject({ msg: 'stopping failed' });
  });

  it('ends with the code of what kept it from starting', async () => {
    const bench = aHost();
    const compose = () => Promise.reject(new DomainError('DEPENDENCY_UNAVAILABLE'));
    await runProcess({ name: 'worker', host: bench.host, compose });
    expect(bench.seen.exits).toEqual([3]);
  });

  it('names every fault of a wrong environment in plain lines, and composes nothing', async () => {
    const bench = aHost({ config: () => loadConfig({}) });
    await bench.run();
    expect(bench.seen.exitCode).toBe(2);
    expect(bench.seen.complaints.join()).toContain('REDIS_URL is missing');
    expect(bench.log.lines()).toEqual([]);
  });
});
