import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { DomainError } from '@vitrine/kernel';
import type { CliContext } from '../cli-context';
import type { DevKeys } from '../dev-keys';
import { parsePort } from '../options';
import { readRunFile } from '../run-file';
import { demoContext } from '../start/demo-env';
import { readDemoFile, writeDemoFile } from '../start/demo-file';
import { playDemo } from '../start/play-demo';
import { progressDisplay } from '../start/play-progress';
import { summaryLines, summaryOf, type Summary } from '../start/summary';
import { startSystem, type RunningSystem } from '../system';

interface StartOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly fresh: boolean;
  readonly seed?: number;
  readonly port?: number;
}

export function registerStart(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('brings up the whole system, plays 12,684 real coupon answers through the API, reports, and keeps serving')
    .option('--once', 'stop after the report', false)
    .option('--json', 'print the report as one JSON object', false)
    .option('--fresh', 'forget what was learned and start over', false)
    .addOption(new Option('--seed <n>', 'declared order of the interactions, 1 to 5 (default: 1)').argParser(parseSeed))
    .addOption(new Option('-p, --port <port>', 'port of the gateway (default: GATEWAY_PORT, or 4000 when free)').argParser(parsePort))
    .action((options: StartOptions) => start(context, options));
}

async function start(context: CliContext, options: StartOptions): Promise<void> {
  const running = readRunFile(context.dataDir);
  if (running !== null) {
    throw new DomainError(
      'STACK_START_FAILED',
      `Vitrine already runs over ${context.dataDir} (process ${running.owner.pid}, ${running.gatewayUrl}); "down" stops it`,
    );
  }
  if (options.fresh) forget(context);
  const earlier = readDemoFile(context.dataDir);
  const seed = earlier?.seed ?? options.seed ?? 1;
  const demo = demoContext(context, seed);
  const system = await startSystem(demo.context, options.port);
  try {
    const crash = system.apps.crashed.then((how) => {
      throw new DomainError('DEPENDENCY_UNAVAILABLE', how);
    });
    const aborted = untilAborted(context.signal);
    const summary = await Promise.race([crash, aborted, earlier === null ? play(demo, system, seed) : recall(context, options)]);
    if (summary === null) return;
    report(context, options, summary);
    if (options.once) return;
    announce(context, system, demo.keys);
    await Promise.race([crash, aborted]);
  } finally {
    context.say('Stopping ...');
    await system.stop();
  }
}

/** The databases, and what `start` noted of them; keys stay, since apps may hold them. */
function forget(context: CliContext): void {
  for (const name of ['mongo', 'redis', 'demo.json']) rmSync(join(context.dataDir, name), { recursive: true, force: true });
}

async function play(demo: ReturnType<typeof demoContext>, system: RunningSystem, seed: number): Promise<Summary> {
  const { context, keys } = demo;
  writeDemoFile(context.dataDir, { seed, status: 'PLAYING', summary: null });
  const display = progressDisplay(context.say, process.stderr.isTTY === true);
  try {
    const outcome = await playDemo({ context, system, keys, seed, progress: (state) => display.show(state) });
    const summary = summaryOf(outcome);
    writeDemoFile(context.dataDir, { seed, status: 'PLAYED', summary });
    return summary;
  } finally {
    display.stop();
  }
}

/** A second start keeps the learned state and plays nothing. */
async function recall(context: CliContext, options: StartOptions): Promise<Summary> {
  const earlier = readDemoFile(context.dataDir);
  if (earlier?.status !== 'PLAYED') {
    throw new DomainError('STACK_START_FAILED', 'An earlier start was interrupted while it played. "npm start -- --fresh" starts over.');
  }
  context.say('The interactions were played before: what was learned is kept, nothing is played again. --fresh starts over.');
  if (options.seed !== undefined && options.seed !== earlier.seed)
    context.say(`(Order ${earlier.seed} was played; --seed ${options.seed} needs --fresh.)`);
  return earlier.summary as Summary;
}

function report(context: CliContext, { json, once }: StartOptions, summary: Summary): void {
  if (json) context.write(`${JSON.stringify(summary)}\n`);
  const lines = summaryLines(summary);
  if (json || !once) lines.forEach(context.say);
  else context.write(lines.map((line) => `${line}\n`).join(''));
}

function announce(context: CliContext, system: RunningSystem, keys: DevKeys): void {
  const { gatewayUrl, workerUrl } = system.apps;
  const features = '{ situation: \\"No Urgent Place | Friend(s) | Sunny | 80 | 10AM\\" }';
  const query = `{ banners(input: { visitorId: \\"you\\", placements: [{ id: \\"promo-coupon\\" }], context: { features: ${features} } }) { decisions { layer slots { banner { name } token } } } }`;
  [
    '',
    `Serving. GraphQL ${gatewayUrl}/graphql, explorer ${gatewayUrl}/explorer, worker ${workerUrl}`,
    `Publishable key of this installation (more in ${join(context.dataDir, 'keys.json')}): ${keys.publishableKey}`,
    "Ask for a coupon (under an app's name: curl's own is taken for a bot, which leaves no trace):",
    '',
    `  curl -s ${gatewayUrl}/graphql -A 'MyShop/1.0 (Android 14; Mobile)' -H 'content-type: application/json' -H 'x-vitrine-key: ${keys.publishableKey}' -d '{"query":"${query}"}'`,
    '',
    'Ctrl-C stops everything; the next start keeps what was learned.',
  ].forEach(context.say);
}

function untilAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 1 || seed > 5) throw new InvalidArgumentError('a whole number from 1 to 5');
  return seed;
}
