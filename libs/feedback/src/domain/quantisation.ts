import { DomainError, invariant } from '@vitrine/kernel';
import type { QuantisedContext } from './types';

/** Steps per unit: a context value is a whole number of 1/32. */
export const STEPS_PER_UNIT = 32;
export const MAX_STEP = 127;
export const MAX_DIMENSION = 256;
/** Up to here a token has room for every value; above, only for the largest ones. */
export const MAX_DENSE_DIMENSION = 190;
export const MAX_SPARSE_VALUES = 95;

/**
 * Rounds a context to what a token can carry, so that what is scored is what is learned from (D3). Above 190 dimensions only the 95
 * values of largest magnitude stay, the lower index first among equals; the rest become 0.
 *
 * @param x shape [dimension], finite, dimension <= 256
 * @throws DomainError FEATURE_VALUE_INVALID for a value that is not finite
 */
export function quantise(x: Float64Array): QuantisedContext {
  invariant(x.length <= MAX_DIMENSION, 'a context has at most 256 dimensions');
  const steps = new Int8Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const value = x[i] ?? 0;
    if (!Number.isFinite(value)) throw new DomainError('FEATURE_VALUE_INVALID', undefined, { details: { index: i } });
    steps[i] = Math.max(-MAX_STEP, Math.min(MAX_STEP, Math.round(value * STEPS_PER_UNIT)));
  }
  if (steps.length > MAX_DENSE_DIMENSION) keepLargest(steps);
  return { steps };
}

/** @param out shape [steps.length]; receives the values */
export function dequantise(steps: Int8Array, out: Float64Array): void {
  invariant(out.length === steps.length, 'one value per step');
  for (let i = 0; i < steps.length; i++) out[i] = (steps[i] ?? 0) / STEPS_PER_UNIT;
}

/** Whether a token can hold these steps without loss. */
export function fitsToken(steps: Int8Array): boolean {
  if (steps.length <= MAX_DENSE_DIMENSION) return true;
  return steps.length <= MAX_DIMENSION && countValues(steps) <= MAX_SPARSE_VALUES;
}

function countValues(steps: Int8Array): number {
  let count = 0;
  for (const step of steps) if (step !== 0) count++;
  return count;
}

/** Magnitudes above `threshold` all stay; those equal to it share the `room` that is left. A threshold of 0 keeps everything. */
function thresholdOf(steps: Int8Array): { readonly threshold: number; readonly room: number } {
  const histogram = new Int32Array(MAX_STEP + 1);
  for (const step of steps) if (step !== 0) histogram[Math.abs(step)] = (histogram[Math.abs(step)] ?? 0) + 1;
  let room = MAX_SPARSE_VALUES;
  let threshold = MAX_STEP;
  while (threshold > 0 && (histogram[threshold] ?? 0) <= room) room -= histogram[threshold--] ?? 0;
  return { threshold, room };
}

function keepLargest(steps: Int8Array): void {
  const { threshold, room } = thresholdOf(steps);
  if (threshold === 0) return;
  let left = room;
  for (let i = 0; i < steps.length; i++) {
    const magnitude = Math.abs(steps[i] ?? 0);
    if (magnitude > threshold || (magnitude === threshold && left-- > 0)) continue;
    steps[i] = 0;
  }
}
