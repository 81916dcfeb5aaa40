import type { LoggedReplay } from '@vitrine/bandit';
import type { LoggedRow } from '@vitrine/insight';
import { differenceOf, valueOf, type Interval } from './cautious-interval';
import type { LoggedSource } from './logged-source';

/**
 * What a replay says. Every figure but `log` is sum(w m y) / sum(w m) over the same decisions, w = 1 / logged propensity, y the reward, m:
 * whether the policy's draw matched the log (`policy`, and its later half `policySecondHalf`), the probability with which the policy would have
 * shown what was shown (`policyByPropensity`: the same learner without the chance of the draws), 1 / n (`uniform`). Names are a contract.
 */
export interface ReplayReport {
  readonly interactions: number;
  /** Decisions that can be judged. */
  readonly supported: number;
  readonly matched: number;
  readonly estimates: Readonly<Record<string, Interval>>;
  readonly policyMinusUniform: Interval;
  readonly policyByPropensityMinusUniform: Interval;
  readonly clusteredBy: string;
  readonly caveats: readonly string[];
}

/** @throws DomainError TOO_FEW_ROWS when the policy matched the log too rarely for an estimate */
export function reportOf(source: LoggedSource, replay: Pick<LoggedReplay, 'matched' | 'probability'>): ReplayReport {
  const { decisions } = source;
  const matched = replay.matched.reduce<number>((sum, match) => sum + match, 0);
  const rows = (match: (decision: number) => number): readonly LoggedRow[] =>
    decisions.map(({ propensity, reward, cluster }, i) => ({ weight: 1 / propensity, reward, match: match(i), cluster }));
  const policy = rows((i) => replay.matched[i] ?? 0);
  const byPropensity = rows((i) => replay.probability[i] ?? 0);
  const late = laterHalf(replay.matched, matched);
  const uniform = rows((i) => 1 / (decisions[i]?.eligible.length ?? 1));
  const log = rows(() => 1).map((row) => ({ ...row, weight: 1 }));
  return {
    interactions: source.interactions,
    supported: decisions.length,
    matched,
    estimates: {
      policy: valueOf(policy),
      policySecondHalf: valueOf(rows((i) => late[i] ?? 0)),
      policyByPropensity: valueOf(byPropensity),
      uniform: valueOf(uniform),
      ...Object.fromEntries(source.rivals.map(({ name, match }) => [name, valueOf(rows(match))])),
      log: valueOf(log),
    },
    policyMinusUniform: differenceOf(policy, uniform),
    policyByPropensityMinusUniform: differenceOf(byPropensity, uniform),
    clusteredBy: source.clusteredBy,
    caveats: source.caveats,
  };
}

/** Marks the later half of the matches. */
function laterHalf(matches: Uint8Array, matched: number): Uint8Array {
  let seen = 0;
  return matches.map((match) => {
    seen += match;
    return match === 1 && seen > matched / 2 ? 1 : 0;
  });
}
