import { invariant } from '@vitrine/kernel';
import type { ArmIdentity, ArmModel, DecisionPoint, Policy, PoolDerivation, PoolModel } from '../../policy';
import { firstHalf, pairFamily, secondHalf, sharedHalves } from '../../statistics/pair.family';
import type { Observation } from '../../statistics/statistics-family';

/** What of a policy learns; the rest decides. */
export type Learner = Pick<Policy, 'family' | 'derive' | 'follow' | 'pool'>;

/** Models of one banner by two learners. */
class PairModel {
  constructor(
    readonly arm: ArmIdentity,
    public first: ArmModel,
    public second: ArmModel,
  ) {}
}

/** Pools of two learners. */
export class PairPool {
  constructor(
    readonly first: PoolModel,
    readonly second: PoolModel,
  ) {}
}

function pairModel(model: ArmModel): PairModel {
  invariant(model instanceof PairModel, 'a wrapper reads its own models');
  return model;
}

/** Two learners on the same entries as one. Has `follow` and `pool` when one of them has; merges and un-folds as `pairFamily` says. */
export function pairLearners(first: Learner, second: Learner): Learner {
  return {
    family: pairFamily(first.family, second.family),
    derive(arm, statistics) {
      if (statistics === null) return new PairModel(arm, first.derive(arm, null), second.derive(arm, null));
      return new PairModel(
        arm,
        first.derive(arm, firstHalf(first.family, statistics)),
        second.derive(arm, secondHalf(first.family, statistics)),
      );
    },
    ...(first.pool === undefined && second.pool === undefined ? {} : { pool: pairPool(first, second) }),
    ...(first.follow === undefined && second.follow === undefined ? {} : { follow: followBoth(first, second) }),
  };
}

function pairPool(first: Learner, second: Learner): PoolDerivation {
  return {
    heavy: first.pool?.heavy === true || second.pool?.heavy === true,
    readsPrior: first.pool?.readsPrior === true || second.pool?.readsPrior === true,
    derive(arms, shared, prior = null) {
      const [ours, theirs] = sharedHalves(first.family, second.family, shared);
      const derive = ({ pool }: Learner, half: 'first' | 'second', numbers: Float64Array | null): PoolModel =>
        pool?.derive(
          arms.map((arm) => pairModel(arm)[half]),
          numbers,
          prior,
        ) ?? null;
      return new PairPool(derive(first, 'first', ours), derive(second, 'second', theirs));
    },
  };
}

function followBoth(first: Learner, second: Learner): (model: ArmModel, statistics: Float64Array, observation: Observation) => void {
  return (model, statistics, observation) => {
    const pair = pairModel(model);
    pair.first = followed(first, { arm: pair.arm, model: pair.first, statistics: firstHalf(first.family, statistics) }, observation);
    pair.second = followed(second, { arm: pair.arm, model: pair.second, statistics: secondHalf(first.family, statistics) }, observation);
  };
}

interface Followed {
  readonly arm: ArmIdentity;
  readonly model: ArmModel;
  readonly statistics: Float64Array;
}

function followed(learner: Learner, { arm, model, statistics }: Followed, observation: Observation): ArmModel {
  if (learner.follow === undefined) return learner.derive(arm, statistics);
  learner.follow(model, statistics, observation);
  return model;
}

/** The model of the first learner. */
export function firstModel(model: ArmModel): ArmModel {
  return pairModel(model).first;
}

/** Lets a policy decide on its half of a pair. Holds scratch: one decision at a time. */
export class HalfDecider {
  private readonly models: ArmModel[] = [];
  private readonly point: { context: Float64Array; at: number; pool: PoolModel } = { context: new Float64Array(0), at: 0, pool: null };

  constructor(
    private readonly policy: Policy,
    private readonly half: 'first' | 'second',
  ) {}

  distribution(arms: readonly ArmModel[], { context, at, pool }: DecisionPoint, out: Float64Array): void {
    const { models, half, point } = this;
    models.length = arms.length;
    for (let i = 0; i < arms.length; i++) models[i] = pairModel(arms[i])[half];
    point.context = context;
    point.at = at;
    point.pool = pool instanceof PairPool ? pool[half] : null;
    this.policy.distribution(models, point, out);
  }
}
