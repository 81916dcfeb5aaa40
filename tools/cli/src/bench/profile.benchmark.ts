import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { FEEDBACK_COLLECTIONS } from '@vitrine/feedback';
import { connectMongo, createLogger } from '@vitrine/platform';
import { GraphqlClient } from '@vitrine/replay';
import type { CliContext } from '../cli-context';
import { loadOrCreateDevKeys } from '../dev-keys';
import { parseCount } from '../options';
import { showProgress } from '../progress-display';
import { startSystem, type RunningSystem } from '../system';
import { benchmark, type BenchmarkResult } from './benchmark';
import { grantAll, playProfileLoad, probesOf, shoppersOf, type ProfileLoad, type ProfileLoadOutcome } from './profile-load';

interface ProfileOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly batch: number;
  readonly visitors: number;
}

const PROBES_PER_SECOND = 10;
const DRAIN_DEADLINE_MS = 120_000;
const TARGET_P99_MS = 1_000;
/** Until compilers and caches are warm; not counted. */
const WARM_UP_S = 5;

/** How long a shopper's deed takes to be part of what is known of them. */
export const profileBenchmark = benchmark<ProfileOptions>({
  name: 'profile',
  description: 'from sending an event until `profile` shows it, at a fixed rate of events: whole system, databases of its own',
  options: (command) =>
    command
      .option('--rate <n>', 'events per second', parseCount, 1_000)
      .option('--seconds <n>', 'how long', parseCount, 30)
      .option('--batch <n>', 'events that one app sends at once', parseCount, 5)
      .option('--visitors <n>', 'shoppers who take part', parseCount, 1_000),
  run: runProfile,
});

async function runProfile(context: CliContext, { rate, seconds, batch, visitors }: ProfileOptions): Promise<BenchmarkResult> {
  const load: ProfileLoad = { eventsPerSecond: rate, seconds, batch, visitors, probesPerSecond: PROBES_PER_SECOND };
  const dataDir = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
  const limits = { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_VISITOR_PER_SECOND: '1000000', LOG_LEVEL: 'warn' };
  const own = { ...context, dataDir, env: { ...context.env, ...limits } };
  const system = await startSystem(own);
  let lost = true;
  try {
    const outcome = await measure(own, system, load);
    const stored = await storedEvents(system, outcome.accepted);
    lost = stored < outcome.sent;
    return resultOf(load, outcome, stored);
  } finally {
    await system.stop();
    if (lost) context.say(`Databases and logs of this run are kept in ${dataDir}`);
    else rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(context: CliContext, system: RunningSystem, load: ProfileLoad): Promise<ProfileLoadOutcome> {
  const { publishableKey, secretKey } = loadOrCreateDevKeys(context.dataDir);
  const total = load.eventsPerSecond * load.seconds;
  const display = showProgress({ say: context.say, what: 'events sent', total, terminal: process.stderr.isTTY === true });
  const api = new GraphqlClient(`${system.apps.gatewayUrl}/graphql`);
  const deps = { api, publishableKey, secretKey, signal: context.signal };
  try {
    context.say(`${load.visitors} shoppers give consent`);
    await grantAll(deps, [...shoppersOf(load), ...probesOf(load)]);
    await playProfileLoad({ ...load, seconds: WARM_UP_S }, { ...deps, run: 'warm', progress: () => undefined });
    return await playProfileLoad(load, { ...deps, run: 'load', progress: (sent) => display.show(sent) });
  } finally {
    display.stop();
  }
}

/** Waits until every accepted event is stored, or for as long as that may take. @returns how many are */
async function storedEvents(system: RunningSystem, accepted: number): Promise<number> {
  const logger = createLogger({ name: 'vitrine-bench', level: 'warn', toStderr: true });
  const connection = await connectMongo({ url: system.stack.mongoUrl, name: 'vitrine-bench', deadlineMs: 10_000, logger });
  const count = () => connection.collection<{ _id: string }>(FEEDBACK_COLLECTIONS.events).countDocuments({ _id: /^load-/ });
  try {
    const deadline = performance.now() + DRAIN_DEADLINE_MS;
    let stored = await count();
    while (stored < accepted && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      stored = await count();
    }
    return stored;
  } finally {
    await connection.close();
  }
}

function resultOf(load: ProfileLoad, outcome: ProfileLoadOutcome, stored: number): BenchmarkResult {
  const { latencies, sent, accepted, seconds, unseen } = outcome;
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? Number.NaN;
  const eventToFeatureMs = { probes: latencies.length + unseen, unseen, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
  const value = {
    load,
    sent,
    accepted,
    stored,
    eventsPerSecond: sent / seconds,
    eventToFeatureMs,
    target: { p99Ms: TARGET_P99_MS, met: unseen === 0 && stored === sent && eventToFeatureMs.p99 < TARGET_P99_MS },
  };
  const { p50, p99, max, probes } = eventToFeatureMs;
  return {
    value,
    lines: [
      `${sent} events in ${seconds.toFixed(1)} s (${Math.round(value.eventsPerSecond)} a second, ${load.batch} a request): ${accepted} accepted, ${stored} stored`,
      `from event to feature, ${probes} probes: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, max ${max.toFixed(0)} ms, ${unseen} unseen`,
      `target p99 < ${TARGET_P99_MS} ms, nothing lost: ${value.target.met ? 'met' : 'missed'}`,
    ],
  };
}
