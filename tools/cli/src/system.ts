import { mkdirSync } from 'node:fs';
import { startStack, type Env, type Stack } from '@vitrine/stack';
import type { CliContext } from './cli-context';
import { envFromKeys, loadOrCreateDevKeys } from './dev-keys';
import { startApps, type RunningApps } from './processes';
import { writeRunFile } from './run-file';

export interface RunningSystem {
  readonly stack: Stack;
  readonly apps: RunningApps;
  /** Apps first, so that they drain into databases that are still there. */
  stop(): Promise<void>;
}

/** Databases, gateway and worker over the context's data directory, with the installation's own keys. */
export async function startSystem(context: CliContext, gatewayPort?: number): Promise<RunningSystem> {
  const { dataDir, env, root, say, signal } = context;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // No signal here: the databases must outlive the apps when we are told to end, and stop() sees to both.
  const stack = await startStack({ dataDir, log: say, env });
  try {
    const { mongoUrl, redisUrl } = stack;
    const port = gatewayPort === undefined ? {} : { gatewayPort };
    const apps = await startApps({ mongoUrl, redisUrl, env: appEnv(context), root, logDir: dataDir, signal, ...port });
    const removeRunFile = writeRunFile(dataDir, apps);
    return {
      stack,
      apps,
      async stop() {
        await apps.stop();
        await stack.stop();
        removeRunFile();
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** What the operator set wins over the local keys. */
export function appEnv({ dataDir, env }: Pick<CliContext, 'dataDir' | 'env'>): Env {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  return { NODE_ENV: 'development', ...envFromKeys(loadOrCreateDevKeys(dataDir)), ...given };
}
