import { createHash } from 'node:crypto';
import { mulberry32, shuffledOrder } from '@vitrine/kernel';

/**
 * The digest of a learning stream: SHA-256 of the comma-joined row numbers, one Fisher-Yates shuffle per epoch. It shows that the
 * script, which shuffles in another language, played the same rows in the same order.
 */
export function streamOrderSha256(rows: number, seed: number, epochs: number): string {
  const digest = createHash('sha256');
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffledOrder(rows, mulberry32(seed * 1_000_003 + epoch * 101 + 12_345));
    digest.update(`${epoch === 0 ? '' : ','}${order.join(',')}`);
  }
  return digest.digest('hex');
}
