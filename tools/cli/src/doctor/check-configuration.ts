import { existsSync, statSync } from 'node:fs';
import { DomainError } from '@vitrine/kernel';
import { loadConfig } from '@vitrine/platform';
import { messageOf, type Env } from '@vitrine/stack';
import { devKeysFile, envFromKeys, loadOrCreateDevKeys } from '../dev-keys';
import { fault, fine, type Finding } from './finding';

const OTHERS = 0o077;

/** Whether the apps would take the configuration: keys above all. Values are never shown. */
export function checkConfiguration({ env, dataDir }: { readonly env: Env; readonly dataDir: string }): readonly Finding[] {
  const check = 'configuration';
  const keysFile = devKeysFile(dataDir);
  const hasFile = existsSync(keysFile);
  const mode = checkMode(keysFile); // before the file is loaded, which mends its mode
  try {
    const placeholders = { MONGO_URL: 'mongodb://unchecked', REDIS_URL: 'redis://unchecked' }; // their own checks look at them
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
    loadConfig({ ...placeholders, ...(hasFile ? envFromKeys(loadOrCreateDevKeys(dataDir)) : {}), ...given });
    return [fine(check, hasFile ? `complete, with the local keys of ${keysFile}` : 'complete, keys from the environment'), ...mode];
  } catch (error) {
    const faults = error instanceof DomainError ? error.details['faults'] : undefined;
    const found = Array.isArray(faults) ? faults.join('; ') : messageOf(error);
    return [fault(check, found, 'Set the variables (see .env.example), or run "up" once: it makes local keys.'), ...mode];
  }
}

function checkMode(keysFile: string): readonly Finding[] {
  if (!existsSync(keysFile) || process.platform === 'win32') return [];
  const mode = statSync(keysFile).mode & OTHERS;
  if (mode === 0) return [fine('key file', 'readable by its owner alone')];
  return [fault('key file', `${keysFile} can be read by others`, `Run: chmod 600 ${keysFile}`)];
}
