import { isbot } from 'isbot';
import type { CleaningRule } from './cleaning-rule';

/**
 * What apps and server-side rendering send when nobody sets a user agent (React Native on Android is `okhttp`). isbot takes them for
 * robots, yet behind a valid key they are the shop's own programs.
 */
const APP_RUNTIME = /^(okhttp|node|undici|node-fetch|axios)(\/[\d.]+)?$/i;

/** Programs that say so in their user agent get banners and leave no trace (D4). No user agent at all is a server or an import. */
export const botRule: CleaningRule = ({ userAgent }) =>
  userAgent !== null && !APP_RUNTIME.test(userAgent) && isbot(userAgent) ? { rule: 'bot', code: 'BOT' } : null;
