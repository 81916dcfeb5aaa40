import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInOurPlace } from './child.mjs';

/**
 * Installs what package-lock.json asks for, unless that very lockfile is installed already. All talk goes to standard error.
 *
 * @returns 0, or the exit code of the installation that failed
 */
export async function installDependencies(root) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.vitrine-install');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted) return 0;
  console.error('Installing dependencies (once per change of package-lock.json) ...');
  // `npm ci` would refuse a lockfile that names optional packages of other platforms which a registry mirror does not carry.
  const install = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  let code = await npm(root, install);
  if (code !== 0) {
    console.error('npm install failed, trying once more from what npm has cached ...');
    code = await npm(root, [...install, '--prefer-offline']);
  }
  if (code !== 0) {
    console.error('Dependencies could not be installed: see the output of npm above. Is the package registry reachable, is the disk full?');
    return code;
  }
  writeFileSync(stamp, wanted);
  return 0;
}

function npm(root, args) {
  // The database libraries would download servers now; the stack does that later, and only when nothing nearer is found.
  const env = { ...process.env, REDISMS_DISABLE_POSTINSTALL: '1', MONGOMS_DISABLE_POSTINSTALL: '1' };
  const cli = process.env.npm_execpath;
  const [program, first] = cli?.endsWith('.js') || cli?.endsWith('.cjs') ? [process.execPath, [cli]] : ['npm', []];
  return runInOurPlace(program, [...first, ...args], { cwd: root, env, stdout: process.stderr });
}
