import type { Principal } from '@vitrine/platform';
import { isbot } from 'isbot';

/** What apps send when nobody sets a user agent (React Native on Android is `okhttp`); isbot takes them for robots. */
const APP_RUNTIME = /^(okhttp|node|undici|node-fetch|axios)(\/[\d.]+)?$/i;

/**
 * Whether no person sees what is asked for (D4). A server with a secret key asks on behalf of people: its own user agent says nothing
 * about them. Events are judged alike when they are cleaned.
 */
export function isBotRequest(principal: Principal, userAgent: string | null): boolean {
  return principal.kind !== 'secret' && userAgent !== null && !APP_RUNTIME.test(userAgent) && isbot(userAgent);
}
