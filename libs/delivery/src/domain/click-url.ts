import type { DecisionId } from '@vitrine/kernel';

/** Name of the parameter that ties a landing to its decision. */
export const CLICK_PARAMETER = 'vtr';

/** The landing URL with `vtr=<decision>.<slot>` before its fragment; the context is never in it (D3). */
export function clickUrl(landingUrl: string, decisionId: DecisionId, slot: number): string {
  const hash = landingUrl.indexOf('#');
  const base = hash < 0 ? landingUrl : landingUrl.slice(0, hash);
  const fragment = hash < 0 ? '' : landingUrl.slice(hash);
  const joint = base.includes('?') ? (/[?&]$/.test(base) ? '' : '&') : '?';
  return `${base}${joint}${CLICK_PARAMETER}=${decisionId}.${slot}${fragment}`;
}
