import { deriveKey, keyedHashHex, type Config } from '@vitrine/platform';
import type { Redis } from 'ioredis';
import { createAuthenticate, type Authenticate } from '../edge/auth/authenticate';
import { createKeyRing } from '../edge/auth/key-ring';
import { createTokenVerifier } from '../edge/auth/token-verifier';
import { createRequestLimits, type RequestLimits } from '../edge/request-limits';
import { createSharedRateLimiter } from '../edge/shared-rate-limiter';

/** Whom the configuration lets in. @throws DomainError CONFIG_INVALID for a public key that cannot be read */
export function composeAuthenticate(config: Config): Authenticate {
  return createAuthenticate({
    keys: createKeyRing(config.PUBLISHABLE_KEYS, config.SECRET_KEYS),
    staff: createTokenVerifier({
      name: 'STAFF_TOKEN',
      issuer: config.STAFF_TOKEN_ISSUER,
      audience: config.STAFF_TOKEN_AUDIENCE,
      jwksUrl: config.STAFF_TOKEN_JWKS_URL,
      publicKey: config.STAFF_TOKEN_PUBLIC_KEY,
    }),
    users: createTokenVerifier({
      name: 'USER_TOKEN',
      issuer: config.USER_TOKEN_ISSUER,
      audience: config.USER_TOKEN_AUDIENCE,
      jwksUrl: config.USER_TOKEN_JWKS_URL,
      publicKey: config.USER_TOKEN_PUBLIC_KEY,
    }),
  });
}

/** How much each of them may ask for. */
export function composeLimits(config: Config, redis: Redis): RequestLimits {
  // Not the hash that stored rows carry: nothing in Redis leads to them.
  const shortLived = deriveKey(config.VISITOR_HASH_KEY, 'rate limits');
  return createRequestLimits({
    perKey: createSharedRateLimiter({ name: 'key', perSecond: config.RATE_LIMIT_PER_SECOND, redis }),
    perVisitor: createSharedRateLimiter({ name: 'visitor', perSecond: config.RATE_LIMIT_VISITOR_PER_SECOND, redis }),
    hash: (name) => keyedHashHex(shortLived, name),
  });
}
