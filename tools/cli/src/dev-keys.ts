import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { z } from 'zod';

const keyPair = z.object({
  privateKey: z.string().startsWith('-----BEGIN PRIVATE KEY'),
  publicKey: z.string().startsWith('-----BEGIN PUBLIC KEY'),
});
const devKeys = z.object({
  publishableKey: z.string().startsWith('pk_'),
  secretKey: z.string().startsWith('sk_'),
  tokenMasterKey: z.base64(),
  /** Absent from installations that are older than it. */
  personalDataKey: z.base64().optional(),
  decisionSeedKey: z.base64(),
  visitorHashKey: z.base64(),
  staffSigning: keyPair,
  userSigning: keyPair,
});

/**
 * Keys of one local installation. Symmetric keys are 32 bytes in base64; signing keys are Ed25519 in PEM (algorithm `EdDSA`), of which
 * the apps are given the public half only.
 */
export type DevKeys = z.output<typeof devKeys>;

/** The file that holds them: readable by its owner alone, and never part of the repository. */
export function devKeysFile(dataDir: string): string {
  return join(dataDir, 'keys.json');
}

/**
 * The keys of the installation over `dataDir`, made from the system's random source at the first call. They must stay the same as long as
 * the data do: visitors are stored under a keyed hash, tokens in shoppers' hands are sealed with the master key.
 *
 * @throws DomainError CONFIG_INVALID when the file exists but cannot be used; it is never replaced
 */
export function loadOrCreateDevKeys(dataDir: string): DevKeys {
  const file = devKeysFile(dataDir);
  if (!existsSync(file)) createOnce(dataDir, file);
  chmodSync(file, 0o600);
  try {
    return devKeys.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new DomainError('CONFIG_INVALID', `${file} is damaged. Restore it, or remove it together with the data it belongs to.`, {
      cause,
    });
  }
}

/** The keys under the names that the apps' configuration reads. */
export function envFromKeys(keys: DevKeys): Readonly<Record<string, string>> {
  return {
    PUBLISHABLE_KEYS: keys.publishableKey,
    SECRET_KEYS: keys.secretKey,
    TOKEN_MASTER_KEYS: `1:${keys.tokenMasterKey}`,
    // Where there is none of its own, one key may serve both: each is derived for its purpose.
    PERSONAL_DATA_KEYS: `1:${keys.personalDataKey ?? keys.tokenMasterKey}`,
    DECISION_SEED_KEY: keys.decisionSeedKey,
    VISITOR_HASH_KEY: keys.visitorHashKey,
    USER_TOKEN_PUBLIC_KEY: keys.userSigning.publicKey,
    STAFF_TOKEN_PUBLIC_KEY: keys.staffSigning.publicKey,
  };
}

/** Linked into place, so that of two first starts one wins and both read the same keys. */
function createOnce(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(newKeys(), null, 2)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function newKeys(): DevKeys {
  const key32 = (): string => randomBytes(32).toString('base64');
  return {
    publishableKey: `pk_${randomBytes(18).toString('base64url')}`,
    secretKey: `sk_${randomBytes(32).toString('base64url')}`,
    tokenMasterKey: key32(),
    personalDataKey: key32(),
    decisionSeedKey: key32(),
    visitorHashKey: key32(),
    staffSigning: newKeyPair(),
    userSigning: newKeyPair(),
  };
}

function newKeyPair(): DevKeys['staffSigning'] {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}
