import type { Command } from 'commander';
import { findRunning, type Engine } from '@vitrine/stack';
import { isReady } from '../app-process';
import { printResult, type CliContext } from '../cli-context';
import { checkConfiguration } from '../doctor/check-configuration';
import { checkNode, checkPort } from '../doctor/check-machine';
import { checkMongo } from '../doctor/check-mongo';
import { checkRedis } from '../doctor/check-redis';
import { fault, type Finding } from '../doctor/finding';
import { readRunFile } from '../run-file';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' };

export function registerDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('checks machine, databases and configuration, and tells how to mend each fault; exits with 1 when there is one')
    .option('--json', 'print the findings as JSON', false)
    .action(async ({ json }: { readonly json: boolean }) => {
      const findings = await examine(context);
      const healthy = findings.every(({ state }) => state !== 'fault');
      printResult(context, json, { healthy, findings }, findings.flatMap(linesOf));
      if (!healthy) context.fail();
    });
}

async function examine(context: CliContext): Promise<readonly Finding[]> {
  const ports = await portsOf(context);
  const checks = await Promise.all([
    Promise.all(ports.map(checkPort)),
    checkDatabase('mongo', context, checkMongo),
    checkDatabase('redis', context, checkRedis),
  ]);
  return [checkNode(process.versions.node), ...checks.flat(), ...checkConfiguration(context)];
}

async function portsOf({ env, dataDir }: CliContext): Promise<readonly Parameters<typeof checkPort>[0][]> {
  const run = readRunFile(dataDir);
  const one = async (name: string, variable: string, usual: number, url: string | undefined): Promise<Parameters<typeof checkPort>[0]> => {
    const fixed = Boolean(env[variable]);
    if (url !== undefined && (await isReady(url))) return { name, port: Number(new URL(url).port), ours: true, fixed };
    return { name, port: Number(env[variable] || usual), ours: false, fixed };
  };
  return Promise.all([one('gateway', 'GATEWAY_PORT', 4000, run?.gatewayUrl), one('worker', 'WORKER_PORT', 4001, run?.workerUrl)]);
}

async function checkDatabase(
  engine: Engine,
  { env, dataDir }: CliContext,
  check: (url: string) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const [name, variable] = engine === 'mongo' ? ['MongoDB', 'MONGO_URL'] : ['Redis', 'REDIS_URL'];
  const url = env[variable] || (await findRunning(dataDir, engine))?.url;
  if (url !== undefined) return check(url);
  return [
    fault(
      name,
      `${variable} is not set and no embedded server runs`,
      `Run "npm run -s vitrine -- up", or set ${variable} to a server of your own.`,
    ),
  ];
}

function linesOf({ check, state, found, mend }: Finding): readonly string[] {
  return [`${MARKS[state]} ${check}: ${found}`, ...(mend === null ? [] : [`        -> ${mend}`])];
}
