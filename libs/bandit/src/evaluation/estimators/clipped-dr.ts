import { clip } from './clipped-ips';
import { tunable } from './estimator';

/**
 * Clipped doubly robust, "DR with pessimistic shrinkage": mean(v + min(w, t) (r - q)). From the model (t = 0) to plain DR.
 *
 * @see Su, Dimakopoulou, Krishnamurthy & Dudik, Doubly Robust Off-Policy Evaluation with Shrinkage, ICML 2020
 */
export const clippedDr = tunable({ name: 'dr_clip', usesModel: true, range: { min: 0, max: Infinity }, changedWeight: clip });
