import type { CleanEvent } from '../clean-event';
import { trialKey, type Trial } from '../trial';

/**
 * Whether a click is not, or not yet, one on something that was shown: after its whole chunk the decision still lacks its placement's proof
 * of showing. Browsers do send the click first, so it is noted rather than rejected: the trial parks its reward, which the proof
 * releases whenever it comes, and which nothing ever learns from when none comes.
 *
 * @param trials as they stand after the chunk, by key; a click of a placement that is gone has none
 */
export function isClickWithoutImpression(
  { event, decision }: Pick<CleanEvent, 'event' | 'decision'>,
  trials: ReadonlyMap<string, Trial>,
): boolean {
  if (event.type !== 'CLICK' || decision === null) return false;
  const trial = trials.get(trialKey(decision));
  return trial !== undefined && trial.activatedAt === null;
}
