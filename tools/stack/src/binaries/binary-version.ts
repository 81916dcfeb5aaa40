import { err, ok, type Result } from '@vitrine/kernel';
import { ENGINES, isAtLeast, type Engine } from '../engine';
import { messageOf } from '../message-of';
import { runProgram } from '../run-program';

const VERSION_TIMEOUT_MS = 10_000;

/** Runs `path --version`: proof that the binary runs on this machine at all, and is new enough. */
export async function usableVersion(engine: Engine, path: string): Promise<Result<string, string>> {
  const spec = ENGINES[engine];
  const run = await runProgram(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
  if (run.code !== 0) return err(`${path} does not run here: ${messageOf(run.stderr) || `exit code ${String(run.code)}`}`);
  const version = spec.versionPattern.exec(run.stdout)?.[1];
  if (version === undefined) return err(`${path} does not tell its version`);
  return isAtLeast(version, spec.minVersion) ? ok(version) : err(`${path} is version ${version}, at least ${spec.minVersion} is needed`);
}
