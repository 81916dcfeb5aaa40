import { ok } from '@vitrine/kernel';
import { ChallengerIntegral } from '../../numeric/challenger-integral';
import type { LogitBetaTail } from '../../numeric/logit-beta-tail';
import { Scratch } from '../../numeric/scratch';
import { WinnerIntegral } from '../../numeric/winner-integral';
import type { ArmIdentity, ArmModel, DecisionPoint, Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { definePolicy, type ParameterValues } from '../policy-definition';
import { BETA_PARAMETERS, betaPosterior, type BetaPosterior, checkedRange, deriveBetaPosterior, winProbabilities } from './beta-posterior';

/** A banner this likely to be the best is a leader whose challengers are told apart with relative precision. */
const LEADING = 0.99;

const parameters = {
  leaderShare: {
    kind: 'number',
    description: "Chance of showing the first draw's winner rather than its challenger; 1 is Thompson sampling.",
    default: 0.5,
    min: 0,
    max: 1,
  },
  ...BETA_PARAMETERS,
} as const;
type TopTwoParameters = ParameterValues<typeof parameters>;

class TopTwoThompson implements Policy {
  readonly name = 'top-two-thompson';
  readonly contextual = false;
  readonly deterministic = false;
  readonly family = countsFamily;
  readonly dimension = 0;
  private readonly untried: BetaPosterior;
  private readonly winner = new WinnerIntegral();
  private readonly challenger = new ChallengerIntegral();
  private readonly shares = new Scratch();
  private readonly tails: LogitBetaTail[] = [];

  constructor(private readonly values: TopTwoParameters) {
    this.untried = deriveBetaPosterior(null, values);
  }

  derive(_arm: ArmIdentity, statistics: Float64Array | null): ArmModel {
    return statistics === null ? this.untried : deriveBetaPosterior(statistics, this.values);
  }

  distribution(arms: readonly ArmModel[], _point: DecisionPoint, out: Float64Array): void {
    winProbabilities(arms, this.winner, out);
    const { leaderShare } = this.values;
    if (arms.length === 1 || leaderShare === 1) return;
    const leader = out.findIndex((p) => p > LEADING);
    if (leader < 0) shareOpenRace(leaderShare, out);
    else this.shareWonRace(arms, leader, out);
    normalise(out);
  }

  /** The formula with a_i / (1 - a_leader) taken from the law of the largest given that the leader is not: no difference of near equals. */
  private shareWonRace(arms: readonly ArmModel[], leader: number, out: Float64Array): void {
    const { leaderShare } = this.values;
    const n = arms.length;
    this.tails.length = 0;
    for (let i = 0; i < n; i++) this.tails.push(betaPosterior(arms[i]).tail);
    const shares = this.shares.take(n);
    this.challenger.solve(this.tails, leader, shares);
    const ahead = out[leader] ?? 0;
    let odds = 0;
    for (let i = 0; i < n; i++) if (i !== leader) odds += oddsOf(out[i] ?? 0);
    for (let i = 0; i < n; i++) {
      const win = out[i] ?? 0;
      const asChallenger = i === leader ? win * odds : win * (odds - oddsOf(win)) + ahead * (shares[i] ?? 0);
      out[i] = leaderShare * win + (1 - leaderShare) * asChallenger;
    }
  }
}

/** p_i = a_i (s + (1 - s) sum_{j != i} a_j / (1 - a_j)), in place; no a_j is close to 1. */
function shareOpenRace(leaderShare: number, out: Float64Array): void {
  let odds = 0;
  for (let i = 0; i < out.length; i++) odds += oddsOf(out[i] ?? 0);
  for (let i = 0; i < out.length; i++) {
    const win = out[i] ?? 0;
    out[i] = win * (leaderShare + (1 - leaderShare) * (odds - oddsOf(win)));
  }
}

const oddsOf = (p: number): number => p / (1 - p);

function normalise(out: Float64Array): void {
  let total = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.max(out[i] ?? 0, 0);
    total += out[i] ?? 0;
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) / total;
}

/**
 * Top-two Thompson sampling, for finding the best banner rather than earning on the way: with chance s the winner of one draw from the
 * posteriors, else the winner of the first later draw that another banner wins. As a distribution:
 * p_i = a_i (s + (1 - s) sum_{j != i} a_j / (1 - a_j)), a_i the probability that banner i is the best, by quadrature. So about 1 - s of the
 * traffic goes to challengers however clear the case is: stop the placement, or go over to `beta-thompson`, when it is.
 *
 * Error of a probability: at most 1e-6 + 4e-8 K while no banner is the best with probability above 0.99; from there on the challengers
 * are weighed by `ChallengerIntegral`, to a relative 1e-6, even where a_i underflows. A reward counts as in `beta-thompson`.
 */
export const topTwoThompsonPolicy = definePolicy({
  name: 'top-two-thompson',
  summary: 'Splits traffic between the likely best banner and its challengers, to name the best one soon.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: {
    decide: 'O(K) times some hundred quadrature nodes; O(K^2) times about thirty once a banner leads clearly',
    learn: 'O(1), and a table of about 120 cells when first asked for',
    state: '3 numbers per banner',
  },
  parameters,
  paper: 'Russo, Simple Bayesian Algorithms for Best Arm Identification, COLT 2016, section 3.3 (top-two Thompson sampling)',
  build: (values) => {
    const checked = checkedRange(values);
    return checked.ok ? ok(new TopTwoThompson(checked.value)) : checked;
  },
});
