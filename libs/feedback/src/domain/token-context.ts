import { invariant } from '@vitrine/kernel';
import { fitsToken, MAX_DENSE_DIMENSION, MAX_DIMENSION, MAX_SPARSE_VALUES } from './quantisation';

/** Dimension (2 bytes), then one Int8 per dimension up to 190, above that up to 95 pairs of index and step, padded with zeros. */
export const CONTEXT_BYTES = 2 + MAX_DENSE_DIMENSION;

export function writeContext(steps: Int8Array, body: Uint8Array, view: DataView, offset: number): void {
  invariant(fitsToken(steps), 'a context comes from quantise()');
  view.setUint16(offset, steps.length);
  body.fill(0, offset + 2, offset + CONTEXT_BYTES);
  if (steps.length <= MAX_DENSE_DIMENSION) {
    for (let i = 0; i < steps.length; i++) view.setInt8(offset + 2 + i, steps[i] ?? 0);
    return;
  }
  let at = offset + 2;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] ?? 0;
    if (step === 0) continue;
    body[at] = i;
    view.setInt8(at + 1, step);
    at += 2;
  }
}

export function readContext(body: Uint8Array, view: DataView, offset: number): Int8Array {
  const dimension = view.getUint16(offset);
  invariant(dimension <= MAX_DIMENSION, 'a context has at most 256 dimensions');
  const steps = new Int8Array(dimension);
  if (dimension <= MAX_DENSE_DIMENSION) {
    for (let i = 0; i < dimension; i++) steps[i] = view.getInt8(offset + 2 + i);
    return steps;
  }
  for (let pair = 0; pair < MAX_SPARSE_VALUES; pair++) {
    const at = offset + 2 + 2 * pair;
    const step = view.getInt8(at + 1);
    if (step !== 0) steps[body[at] ?? 0] = step;
  }
  return steps;
}
