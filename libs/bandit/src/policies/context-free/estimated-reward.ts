import { invariant } from '@vitrine/kernel';
import type { ArmModel } from '../../policy';
import { ADVERSARIAL } from '../../statistics/adversarial.family';

/** What one banner would have earned and lost in all, as importance weights estimate it. */
export class EstimatedReward {
  constructor(
    readonly trials: number,
    readonly gain: number,
    readonly loss: number,
  ) {}
}

export function deriveEstimate(statistics: Float64Array | null): EstimatedReward {
  const trials = statistics?.[ADVERSARIAL.trials] ?? 0;
  if (statistics === null || trials <= 0) return new EstimatedReward(0, 0, 0); // un-folding leaves crumbs
  return new EstimatedReward(trials, statistics[ADVERSARIAL.gainSum] ?? 0, statistics[ADVERSARIAL.lossSum] ?? 0);
}

export function estimatedReward(model: ArmModel): EstimatedReward {
  invariant(model instanceof EstimatedReward, 'an adversarial policy reads its own models');
  return model;
}
