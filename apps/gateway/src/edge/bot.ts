import { isBot } from '@vitrine/feedback';
import type { Principal } from '@vitrine/platform';

/**
 * Whether no person sees what is asked for (D4). A server with a secret key asks on behalf of people: its own user agent says nothing
 * about them.
 */
export function isBotRequest(principal: Principal, userAgent: string | null): boolean {
  return principal.kind !== 'secret' && isBot(userAgent);
}
