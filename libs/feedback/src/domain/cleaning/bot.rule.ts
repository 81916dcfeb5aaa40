import { isbot } from 'isbot';
import type { EventRule } from './cleaning-rule';

/**
 * What apps and server-side rendering send when nobody sets a user agent (React Native on Android is `okhttp`). isbot takes them for
 * robots, yet behind a valid key they are the shop's own programs.
 */
const APP_RUNTIME = /^(okhttp|node|undici|node-fetch|axios)(\/[\d.]+)?$/i;

/**
 * Whether a program says in its user agent that no person is behind it: it gets banners and leaves no trace (D4). No user agent at all is
 * a server or an import. Requests for banners and events are judged by this one rule.
 */
export const isBot = (userAgent: string | null): boolean => userAgent !== null && !APP_RUNTIME.test(userAgent) && isbot(userAgent);

export const botRule: EventRule = {
  name: 'bot',
  check: ({ userAgent }) => (isBot(userAgent) ? { kind: 'REJECT', code: 'BOT' } : null),
};
