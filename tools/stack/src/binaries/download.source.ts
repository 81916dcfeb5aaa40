import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '@vitrine/kernel';
import { ENGINES, type Engine, type Env, type Say } from '../engine';
import { messageOf } from '../message-of';
import { runProgram, type ProgramRun } from '../run-program';
import type { BinarySource } from './binary-source';
import { usableVersion } from './binary-version';

const NOTHING_ARRIVED_MS = 20_000;
/** For the rest of a download that did begin and, for Redis, which is published as source, its compilation. */
const UNDER_WAY_MS = 300_000;

export interface DownloadSourceDeps {
  readonly cacheDir: string;
  readonly log: Say;
  readonly env: Env;
  readonly run?: typeof runProgram;
}

const SCRIPTS: Readonly<Record<Engine, string>> = {
  mongo: `require(process.argv[1]).MongoBinary.getPath({ version: process.argv[2], downloadDir: process.argv[3], checkMD5: true })`,
  redis: `require(process.argv[1]).RedisBinary.getPath({ version: process.argv[2], downloadDir: process.argv[3] })`,
};
const REPORT = `.then((path) => process.stdout.write('\\nfound:' + path), (error) => { process.stderr.write('\\nreason:' + error.message); process.exitCode = 1; });`;

/**
 * The vendors' own downloads, through `mongodb-memory-server-core` and `redis-memory-server`. They run in a process of their own: both
 * retry for long and print, and only a process can be made to stop.
 */
export function downloadSource({ cacheDir, log, env, run = runProgram }: DownloadSourceDeps): BinarySource {
  return {
    name: 'official download',
    async find(engine) {
      const { download, title } = ENGINES[engine];
      const library = resolvePackage(download.packageName);
      if (library === null) return err(`${download.packageName} is not installed (it is a development dependency)`);
      const dir = join(cacheDir, 'downloads', engine);
      const unwritable = await mkdir(dir, { recursive: true }).then(() => null, messageOf);
      if (unwritable !== null) return err(unwritable);
      log(`${title}: trying the official download of ${download.version}`);
      const done = await run(process.execPath, ['-e', `${SCRIPTS[engine]}${REPORT}`, library, download.version, dir], {
        timeoutMs: NOTHING_ARRIVED_MS,
        underWay: () => holdsBytes(dir),
        extraMs: UNDER_WAY_MS,
        env: { MONGOMS_MAX_RETRIES: '0', ...env },
      });
      const path = /\nfound:(.+)$/.exec(done.stdout)?.[1];
      if (done.code !== 0 || path === undefined) {
        await rm(dir, { recursive: true, force: true }); // a lock file or half an archive would spoil the next attempt
        return err(reasonOf(done));
      }
      const version = await usableVersion(engine, path);
      return version.ok ? ok({ path, version: version.value, origin: 'official download' }) : version;
    },
  };
}

function resolvePackage(name: string): string | null {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

function holdsBytes(dir: string): boolean {
  return existsSync(dir) && readdirSync(dir).some((name) => !name.endsWith('.lock') && statSync(join(dir, name)).size > 0);
}

function reasonOf(done: ProgramRun): string {
  if (done.timedOut) return 'the download took too long';
  return messageOf(/\nreason:([^]+)$/.exec(done.stderr)?.[1] ?? (done.stderr || `exit code ${String(done.code)}`));
}
