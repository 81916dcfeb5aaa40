/**
 * Bundles what runs as a program of its own. Our sources go into the bundle, npm packages stay outside.
 *
 *   node tools/bootstrap/build.mjs [project...]
 *
 * A bundle whose sources have not changed is left alone; --force builds it all the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SOURCE_GROUPS = ['libs', 'apps', 'tools'];
const SHARED_INPUTS = ['tsconfig.base.json', 'package-lock.json', 'tools/bootstrap/build.mjs'];

/** What the worker's threads run; it lies beside the program that starts them. */
const TRAINING_THREAD = { entry: 'apps/worker/src/threads/training.thread.ts', name: 'training-thread.cjs' };

export const PROJECTS = {
  gateway: { entry: 'apps/gateway/src/main.ts', out: 'dist/apps/gateway/main.cjs' },
  worker: { entry: 'apps/worker/src/main.ts', out: 'dist/apps/worker/main.cjs', beside: [TRAINING_THREAD] },
  cli: { entry: 'tools/cli/src/main.ts', out: 'dist/tools/cli/main.cjs' },
  // A side of `vitrine bench segments`: a process of its own, so that its memory can be told.
  'cluster-rows': { entry: 'tools/bench/src/cluster-rows.main.ts', out: 'dist/tools/bench/cluster-rows.cjs' },
  // For Jest's global set-up, which runs before Jest can read TypeScript.
  stack: { entry: 'tools/stack/src/index.ts', out: 'dist/tools/stack/index.cjs' },
  // Built by name alone: a worker that dies where a fault test wants it to.
  'fault-worker': {
    entry: 'apps/worker/src/testing/fault-worker.main.ts',
    out: 'dist/test/fault-worker.cjs',
    testOnly: true,
    beside: [TRAINING_THREAD],
  },
};
const SHIPPED = Object.keys(PROJECTS).filter((name) => PROJECTS[name].testOnly !== true);

/** Builds the named projects whose sources have changed since they were last built; gives the names of those it built. */
export async function build(names, { force = false } = {}) {
  const fingerprint = fingerprintOfSources();
  const stale = names.filter((name) => force || !isFresh(PROJECTS[name], fingerprint));
  if (stale.length === 0) return [];
  const esbuild = await import('esbuild');
  await Promise.all(stale.flatMap((name) => programsOf(PROJECTS[name]).map((program) => bundle(esbuild, program))));
  for (const name of stale) writeFileSync(stampOf(PROJECTS[name]), fingerprint);
  return stale;
}

function programsOf({ entry, out, beside = [] }) {
  return [{ entry, out }, ...beside.map((other) => ({ entry: other.entry, out: join(dirname(out), other.name) }))];
}

/** Every program knows a hash of itself: what a training run records as the version of the code. */
function withBuild(path, contents) {
  if (!path.endsWith('.cjs')) return contents;
  const build = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  return Buffer.concat([Buffer.from(`globalThis.vitrineBuild = '${build}'; `), contents]);
}

async function bundle(esbuild, { entry, out }) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: out,
    write: false,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    tsconfig: 'tsconfig.base.json',
    logLevel: 'error',
  });
  mkdirSync(dirname(join(ROOT, out)), { recursive: true });
  for (const { path, contents } of outputFiles) {
    writeFileSync(`${path}.${process.pid}`, withBuild(path, contents));
    renameSync(`${path}.${process.pid}`, path); // whole or not at all: another process may be starting from it
  }
}

/** Path, size and time of every source: quick, and a change of either shows. */
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(ROOT, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  const walk = (dir) => {
    for (const entry of readdirSync(join(ROOT, dir), { withFileTypes: true })) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.(ts|tsx|json)$/.test(entry.name) && !entry.name.includes('.spec.')) add(path);
    }
  };
  SOURCE_GROUPS.forEach(walk);
  SHARED_INPUTS.forEach(add);
  return hash.digest('hex');
}

const stampOf = ({ out }) => join(ROOT, `${out}.stamp`);

function isFresh(project, fingerprint) {
  const stamp = stampOf(project);
  return existsSync(join(ROOT, project.out)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
}

async function main(args) {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !Object.hasOwn(PROJECTS, name));
  if (unknown.length > 0) {
    console.error(`unknown project ${unknown.join(', ')}; known: ${Object.keys(PROJECTS).join(', ')}`);
    return 2;
  }
  try {
    const built = await build(names.length > 0 ? names : SHIPPED, { force: args.includes('--force') });
    console.error(built.length === 0 ? 'everything is up to date' : `built ${built.join(', ')}`);
    return 0;
  } catch (error) {
    console.error(`the build failed: ${error.message}`);
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await main(process.argv.slice(2));
