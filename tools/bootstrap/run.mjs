/**
 * The one way in, from a fresh clone on: checks Node, installs, builds what changed, then runs the tests or the command line.
 * Needs nothing but Node itself. Standard output belongs to the command; everything said here goes to standard error.
 *
 *   node tools/bootstrap/run.mjs test [--unit|--int] [--project NAME] [--json FILE]
 *   node tools/bootstrap/run.mjs COMMAND [ARGUMENT...]
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeVersionFault } from './node-version.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** What commands start beside the command line itself; the others start nothing. */
const APPS = ['gateway', 'worker'];
const STARTED_BY = { start: APPS, up: APPS, 'bench profile': APPS, 'bench segments': ['cluster-rows'] };

async function main([command = '--help', ...rest]) {
  const fault = nodeVersionFault(process.version);
  if (fault !== null) {
    console.error(fault);
    return 1;
  }
  const { installDependencies } = await import('./install.mjs');
  const installed = await installDependencies(ROOT);
  if (installed !== 0) return installed;
  if (command === 'test') {
    const { runTests } = await import('./run-tests.mjs');
    return runTests(ROOT, rest);
  }
  return runCommand(command, rest);
}

async function runCommand(command, rest) {
  const { build, PROJECTS } = await import('./build.mjs');
  try {
    const started = STARTED_BY[command] ?? STARTED_BY[`${command} ${rest[0] ?? ''}`] ?? [];
    await build(['cli', ...started]);
  } catch (error) {
    console.error(`The build failed: ${error.message}`);
    return 1;
  }
  const { runInOurPlace } = await import('./child.mjs');
  const node = ['--disable-warning=ExperimentalWarning', '--enable-source-maps', join(ROOT, PROJECTS.cli.out)];
  return runInOurPlace(process.execPath, [...node, command, ...rest], { cwd: process.cwd(), channel: true });
}

process.exitCode = await main(process.argv.slice(2));
