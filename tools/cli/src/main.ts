import 'reflect-metadata'; // the libraries' GraphQL types are part of what they export
import { join, resolve } from 'node:path';
import { registerBench } from './commands/bench';
import { registerDoctor } from './commands/doctor';
import { registerDown } from './commands/down';
import { registerEvents } from './commands/events';
import { registerLearn } from './commands/learn';
import { registerLedger } from './commands/ledger';
import { registerOpe } from './commands/ope';
import { registerFeatures } from './commands/features';
import { registerPolicies } from './commands/policies';
import { registerReplay } from './commands/replay';
import { registerRuns } from './commands/runs';
import { registerSegments } from './commands/segments';
import { registerStart } from './commands/start';
import { registerStatus } from './commands/status';
import { registerUp } from './commands/up';
import type { CliContext } from './cli-context';
import { createProgram, EXIT, runProgram, type CommandModule } from './program';

const COMMANDS: readonly CommandModule[] = [
  registerStart,
  registerUp,
  registerDown,
  registerStatus,
  registerDoctor,
  registerEvents,
  registerLedger,
  registerOpe,
  registerLearn,
  registerReplay,
  registerSegments,
  registerRuns,
  registerFeatures,
  registerPolicies,
  registerBench,
];

const ending = new AbortController();
// Signals arrive twice when both the terminal and npm deliver them, so a second one is no order to hurry.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
if (process.channel !== undefined && process.channel !== null) {
  process.channel.unref();
  process.once('disconnect', () => ending.abort()); // whoever started us has died
}

const root = resolve(__dirname, '..', '..', '..'); // as deep from the bundle as from the source
const context: CliContext = {
  env: process.env,
  root,
  dataDir: resolve(process.env['VITRINE_DATA_DIR'] ?? join(root, '.data')),
  signal: ending.signal,
  say: (line) => void process.stderr.write(`${line}\n`),
  write: (text) => void process.stdout.write(text),
  fail: (code = EXIT.failure) => {
    process.exitCode = code;
  },
};

void runProgram(createProgram(COMMANDS, context), process.argv.slice(2), context).then((code) => {
  if (code !== EXIT.ok) process.exitCode = code;
});
