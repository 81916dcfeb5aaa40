import { createHash } from 'node:crypto';
import type { Env } from '@vitrine/stack';
import type { CliContext } from '../cli-context';
import { loadOrCreateDevKeys, type DevKeys } from '../dev-keys';

/** Key of the shoppers who are played. Publishable keys are public by nature; this one exists on this machine's loopback alone. */
export const PLAYER_KEY = 'pk_coupon-player-on-loopback';

/**
 * The context of a demonstration: the seed of every decision follows from the declared order, so that a seed plays the same on every
 * machine. Everywhere else that key is secret, and drawn at random.
 */
export function demoContext(context: CliContext, seed: number): { readonly context: CliContext; readonly keys: DevKeys } {
  const keys = loadOrCreateDevKeys(context.dataDir);
  const env: Env = {
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_SECOND: '100000',
    RATE_LIMIT_VISITOR_PER_SECOND: '100000',
    PROFILE_DEADLINE_MS: '2000', // a busy machine must not change what is decided
    ...context.env,
    PUBLISHABLE_KEYS: [keys.publishableKey, PLAYER_KEY].join(','),
    DECISION_SEED_KEY: createHash('sha256').update(`vitrine coupon order ${seed}`).digest('base64'),
  };
  return { context: { ...context, env }, keys };
}
