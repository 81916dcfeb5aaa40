import { createPublicKey, type KeyObject } from 'node:crypto';
import { DomainError } from '@vitrine/kernel';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';

export interface TokenIssuer {
  /** Prefix of the variables that describe it, for the message of a fault. */
  readonly name: 'USER_TOKEN' | 'STAFF_TOKEN';
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl?: string | undefined;
  /** PEM, SubjectPublicKeyInfo; `\n` may stand for line ends. */
  readonly publicKey?: string | undefined;
}

export interface TokenVerifier {
  /**
   * @returns the claims, `sub` among them, or null for a token that is not (or no longer) valid
   * @throws DomainError DEPENDENCY_UNAVAILABLE when the issuer's keys cannot be fetched
   */
  verify(jwt: string): Promise<JWTPayload | null>;
}

const ALGORITHMS = ['EdDSA', 'ES256', 'RS256'];
const CLOCK_TOLERANCE_S = 30;
const JWKS_TIMEOUT_MS = 2_000;

/**
 * Verifies signature, issuer, audience, algorithm and expiry of an issuer's tokens. Without a key or a key set every token is refused.
 *
 * @throws DomainError CONFIG_INVALID when the public key cannot be read
 */
export function createTokenVerifier(from: TokenIssuer): TokenVerifier {
  const key = verificationKey(from);
  if (key === null) return { verify: async () => null };
  const options: JWTVerifyOptions = {
    issuer: from.issuer,
    audience: from.audience,
    algorithms: ALGORITHMS,
    requiredClaims: ['sub', 'exp'],
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  return {
    async verify(jwt) {
      try {
        const { payload } = typeof key === 'function' ? await jwtVerify(jwt, key, options) : await jwtVerify(jwt, key, options);
        return payload;
      } catch (cause) {
        if (isRefusal(cause)) return null;
        throw new DomainError('DEPENDENCY_UNAVAILABLE', 'the keys of the token issuer cannot be fetched', { cause });
      }
    },
  };
}

function verificationKey({ name, jwksUrl, publicKey }: TokenIssuer): KeyObject | JWTVerifyGetKey | null {
  if (jwksUrl !== undefined) return createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });
  if (publicKey === undefined) return null;
  try {
    return createPublicKey(publicKey.replaceAll('\\n', '\n'));
  } catch (cause) {
    const fault = `${name}_PUBLIC_KEY: must be a public key in PEM`;
    throw new DomainError('CONFIG_INVALID', `The configuration has 1 fault(s):\n  - ${fault}`, { cause, details: { faults: [fault] } });
  }
}

/** Everything that is wrong with the token itself; what is left over is the network or the issuer. */
function isRefusal(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  // A key set that answers with an HTTP error is a plain JOSEError; a key of another algorithm than the token's is a TypeError.
  return (
    (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') || (error instanceof TypeError && error.cause === undefined)
  );
}
