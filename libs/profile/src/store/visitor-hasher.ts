import { visitorHash } from '@vitrine/kernel';
import { keyedHashHex } from '@vitrine/platform';
import type { VisitorHasher } from '../domain/types';

/** @param key derived for this purpose alone; changing it orphans stored rows and tokens */
export function createVisitorHasher(key: Uint8Array): VisitorHasher {
  return { hash: (visitorId) => visitorHash(keyedHashHex(key, visitorId)) };
}
