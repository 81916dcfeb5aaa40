import { visitorId } from '@vitrine/kernel';
import { keyIdOf, STAFF_ROLES, type Principal, type StaffRole } from '@vitrine/platform';
import type { JWTPayload } from 'jose';
import type { Caller } from '../../context';
import type { KeyRing } from './key-ring';
import type { TokenVerifier } from './token-verifier';

export interface Credentials {
  /** `Authorization`: a staff token as `Bearer <jwt>`. */
  readonly authorization: string | null;
  /** `x-vitrine-key`: a publishable or secret key. */
  readonly key: string | null;
  /** `x-vitrine-user`: a token that binds a signed-in visitor to a publishable key. */
  readonly userToken: string | null;
}

export interface AuthenticateDeps {
  readonly keys: KeyRing;
  readonly staff: TokenVerifier;
  readonly users: TokenVerifier;
}

/** @throws DomainError DEPENDENCY_UNAVAILABLE when an issuer's keys cannot be fetched */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;

const MISSING: Caller = { kind: 'unknown', reason: 'missing' };
const REFUSED: Caller = { kind: 'unknown', reason: 'refused' };
const MAX_CREDENTIAL_LENGTH = 8_192;
const known = (principal: Principal): Caller => ({ kind: 'known', principal });

/**
 * Tells who calls from what the request carries. One bad credential refuses the caller even beside a good one, and so do two that
 * contradict each other (a staff token with a key, a user token with a secret key): nobody is quietly taken for somebody else.
 */
export function createAuthenticate({ keys, staff, users }: AuthenticateDeps): Authenticate {
  return async ({ authorization, key, userToken }) => {
    if ([authorization, key, userToken].some((credential) => (credential?.length ?? 0) > MAX_CREDENTIAL_LENGTH)) return REFUSED;
    if (authorization !== null) return key === null && userToken === null ? staffCaller(staff, authorization) : REFUSED;
    if (key === null) return userToken === null ? MISSING : REFUSED;
    const found = keys.find(key);
    if (found === null) return REFUSED;
    if (userToken === null) return known({ kind: found.kind, keyId: found.keyId });
    return found.kind === 'publishable' ? visitorCaller(users, found.keyId, userToken) : REFUSED;
  };
}

async function staffCaller(staff: TokenVerifier, authorization: string): Promise<Caller> {
  const token = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
  const claims = token === undefined ? null : await staff.verify(token);
  const role = claims === null ? null : staffRole(claims);
  if (claims?.sub === undefined || role === null) return REFUSED;
  return known({ kind: 'staff', keyId: keyIdOf(`staff:${claims.sub}`), subject: claims.sub, role });
}

async function visitorCaller(users: TokenVerifier, keyId: string, userToken: string): Promise<Caller> {
  const subject = (await users.verify(userToken))?.sub;
  if (subject === undefined || !isVisitorId(subject)) return REFUSED;
  return known({ kind: 'visitor', keyId, userId: subject });
}

function staffRole(claims: JWTPayload): StaffRole | null {
  return STAFF_ROLES.find((role) => role === claims['role']) ?? null;
}

function isVisitorId(subject: string): boolean {
  try {
    return visitorId(subject).length > 0;
  } catch {
    return false;
  }
}
