import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { err, ok } from '@vitrine/kernel';
import { z } from 'zod';
import type { Engine, Env } from '../engine';
import { messageOf } from '../message-of';
import type { BinarySource, FoundBinary } from './binary-source';
import { usableVersion } from './binary-version';
import { sha256File } from './sha256';

const record = z.object({ path: z.string(), origin: z.string(), sha256: z.string() });

/** Where binaries that had to be fetched are kept, outside of the checkout so that a fresh clone finds them again. */
export function cacheDirOf(env: Env): string {
  const own = env['VITRINE_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'vitrine');
}

export interface BinaryCache extends BinarySource {
  /** Notes a fetched binary with its content hash, for the next start. */
  remember(engine: Engine, found: FoundBinary): Promise<void>;
}

/** Binaries of an earlier find. One whose content has changed since is a miss. */
export function binaryCache(dir: string): BinaryCache {
  const file = (engine: Engine): string => join(dir, `${engine}.json`);
  return {
    name: `cache ${dir}`,
    async find(engine) {
      const text = await readFile(file(engine), 'utf8').catch(() => null);
      if (text === null) return err('nothing found earlier');
      try {
        const { path, origin, sha256 } = record.parse(JSON.parse(text));
        if ((await sha256File(path)) !== sha256) return err(`${path} has changed since it was found`);
        const version = await usableVersion(engine, path);
        return version.ok ? ok({ path, version: version.value, origin: `cache (${origin})` }) : version;
      } catch (error) {
        return err(messageOf(error));
      }
    },
    async remember(engine, { path, origin }) {
      await mkdir(dir, { recursive: true });
      const draft = `${file(engine)}.${process.pid}`;
      await writeFile(draft, JSON.stringify({ path, origin, sha256: await sha256File(path) }));
      await rename(draft, file(engine)); // readers see the old or the new one, never half of it
    },
  };
}
