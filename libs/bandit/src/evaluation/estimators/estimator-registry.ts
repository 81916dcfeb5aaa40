import { DomainError } from '@vitrine/kernel';
import { clippedDr } from './clipped-dr';
import { clippedIps } from './clipped-ips';
import { dm } from './dm';
import { dr } from './dr';
import { dros } from './dros';
import type { PlainEstimator, TunableEstimator } from './estimator';
import { ips } from './ips';
import { replay } from './replay';
import { sndr } from './sndr';
import { snips } from './snips';
import { subGaussianDr } from './sub-gaussian-dr';
import { subGaussianIps } from './sub-gaussian-ips';
import { switchDr } from './switch-dr';

/** Estimators without a parameter; `replay` is for deterministic policies. */
export const PLAIN_ESTIMATORS: readonly PlainEstimator[] = [ips, snips, dm, dr, sndr, replay];

/** Estimators with one parameter, which `tuneBySlope` and `tuneByEstimatedMse` can choose. */
export const TUNABLE_ESTIMATORS: readonly TunableEstimator[] = [clippedIps, clippedDr, switchDr, dros, subGaussianIps, subGaussianDr];

/** @throws DomainError UNKNOWN_ESTIMATOR, which lists those there are */
export function getTunableEstimator(name: string): TunableEstimator {
  const found = TUNABLE_ESTIMATORS.find((estimator) => estimator.name === name);
  if (found !== undefined) return found;
  const known = TUNABLE_ESTIMATORS.map((estimator) => estimator.name);
  throw new DomainError('UNKNOWN_ESTIMATOR', `no estimator with a parameter is called "${name}": there are ${known.join(', ')}`, {
    details: { estimator: name, known },
  });
}
