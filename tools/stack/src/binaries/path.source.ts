import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { err, ok } from '@vitrine/kernel';
import { ENGINES, type Env } from '../engine';
import type { BinarySource } from './binary-source';
import { usableVersion } from './binary-version';

/** The binary that the operator installed. */
export function pathSource(env: Env): BinarySource {
  return {
    name: 'PATH',
    async find(engine) {
      const { program } = ENGINES[engine];
      const path = (env['PATH'] ?? '')
        .split(delimiter)
        .filter((dir) => dir !== '')
        .map((dir) => join(dir, program))
        .find(isExecutable);
      if (path === undefined) return err(`no ${program} on PATH`);
      const version = await usableVersion(engine, path);
      return version.ok ? ok({ path, version: version.value, origin: 'PATH' }) : version;
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
