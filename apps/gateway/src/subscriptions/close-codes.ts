import type { ErrorCode } from '@vitrine/kernel';

/** Of RFC 6455, section 7.4, and of `graphql-transport-ws`; clients of the latter come back by themselves after 1001 and 1013. */
export const GOING_AWAY = 1001;
const INTERNAL = 4500;

const CODES: readonly (readonly [ErrorCode, number])[] = [
  ['OPERATION_LIMIT', 1008],
  ['RATE_LIMITED', 1013],
  ['DEPENDENCY_UNAVAILABLE', 1013],
  ['BAD_USER_INPUT', 4400],
  ['UNAUTHENTICATED', 4401],
];
const BY_CODE: ReadonlyMap<string, number> = new Map(CODES);

/** With which number a socket is closed for one of our codes, which stands in the reason. */
export function closeCodeOf(code: string): number {
  return BY_CODE.get(code) ?? INTERNAL;
}
