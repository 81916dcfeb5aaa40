import { invariant } from '@vitrine/kernel';
import { noInformation, type Information } from '../../numeric/conditional-normal';
import type { ArmIdentity, ArmModel } from '../../policy';
import { LINEAR, triangleAt, triangleLength } from '../../statistics/linear.family';

/** Taking trials out again can leave less than this behind. */
const NO_TRIALS = 1e-9;

/** What one banner's linear sums say by themselves. Holds views of the statistics it was made from. */
export class LinearArm {
  private constructor(
    readonly identity: ArmIdentity,
    /** 0 for an untried banner. */
    readonly trials: number,
    private readonly statistics: Float64Array | null,
    private readonly dimension: number,
  ) {}

  static of(identity: ArmIdentity, statistics: Float64Array | null, dimension: number): LinearArm {
    invariant(
      statistics === null || statistics.length === triangleAt(dimension) + triangleLength(dimension),
      'linear statistics have the dimension of the policy',
    );
    const trials = statistics?.[LINEAR.trials] ?? 0;
    return trials > NO_TRIALS ? new LinearArm(identity, trials, statistics, dimension) : new LinearArm(identity, 0, null, dimension);
  }

  /** Sum of squared rewards. */
  get squares(): number {
    return Math.max(this.statistics?.[LINEAR.squareSum] ?? 0, 0);
  }

  /** A / noise and b / noise. @param noise variance of one reward */
  information(noise: number): Information {
    const d = this.dimension;
    const information = noInformation(d);
    if (this.statistics === null) return information;
    let at = triangleAt(d);
    for (let i = 0; i < d; i++) {
      information.vector[i] = (this.statistics[LINEAR.vector + i] ?? 0) / noise;
      for (let j = i; j < d; j++) {
        const value = (this.statistics[at++] ?? 0) / noise;
        information.precision[i * d + j] = value;
        information.precision[j * d + i] = value;
      }
    }
    return information;
  }
}

export function linearArm(model: ArmModel): LinearArm {
  invariant(model instanceof LinearArm, 'hierarchical-linear-thompson reads its own models');
  return model;
}
