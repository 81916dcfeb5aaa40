import { invariant } from '@vitrine/kernel';
import type { ArmModel } from '../../policy';
import { COUNTS } from '../../statistics/counts.family';
import type { TimedSums } from '../../statistics/timed-sums';

/** What a policy derives from sums that change with time: derived once per step of time and kept until the next. */
export class TimedModel {
  private step = Number.NaN;
  private model: ArmModel = null;

  constructor(
    private readonly sums: TimedSums,
    private readonly derive: (counts: Float64Array) => ArmModel,
  ) {}

  /** @param counts scratch, shape [COUNTS.length] */
  at(time: number, counts: Float64Array): ArmModel {
    const step = this.sums.stepAt(time);
    if (step !== this.step) {
      this.sums.read(step, counts);
      this.model = this.derive(counts);
      this.step = step;
    }
    return this.model;
  }
}

/** Reads the models of a decision's banners, each at the time of the decision. Holds scratch: one decision at a time. */
export class TimedReader {
  private readonly counts = new Float64Array(COUNTS.length);
  private readonly models: ArmModel[] = [];

  read(arms: readonly ArmModel[], at: number): readonly ArmModel[] {
    this.models.length = arms.length;
    for (let i = 0; i < arms.length; i++) {
      const arm = arms[i];
      invariant(arm instanceof TimedModel, 'a policy that forgets reads its own models');
      this.models[i] = arm.at(at, this.counts);
    }
    return this.models;
  }
}
