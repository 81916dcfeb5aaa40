import { DomainError, invariant, type Rng } from '@vitrine/kernel';
import type { Arm, Measure, PlaySums } from './effect-sums';

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Reward per visit with segments and without, and their difference (with less without) with its 95 % interval: over other people and other
 * orders of arrival. Names are a contract.
 */
export interface EffectEstimate extends Bounds {
  readonly with: number;
  readonly without: number;
  readonly difference: number;
  /** Over other people alone, who come in these very orders: narrower, and says less. */
  readonly sameOrders: Bounds;
}

export interface EffectCurve {
  readonly overall: EffectEstimate;
  readonly blocks: readonly EffectEstimate[];
}

/** How often each visitor, and each play, is drawn. */
export interface Resample {
  readonly visitors: Uint16Array;
  readonly plays: Uint16Array;
}

/** The plays of both arms, one per seed and in the same order. */
export type ArmPlays = Readonly<Record<Arm, readonly PlaySums[]>>;

const TAIL = 0.025;

/** One set of draws serves every estimate: whatever is compared is compared over the same people and orders of arrival. */
export function drawResamples(
  { visitors, plays, resamples }: { readonly visitors: number; readonly plays: number; readonly resamples: number },
  rng: Rng,
): readonly Resample[] {
  return Array.from({ length: resamples }, () => ({ visitors: drawTimes(visitors, rng), plays: drawTimes(plays, rng) }));
}

function drawTimes(n: number, rng: Rng): Uint16Array {
  const times = new Uint16Array(n);
  for (let i = 0; i < n; i++) {
    const drawn = Math.floor(rng() * n);
    times[drawn] = (times[drawn] ?? 0) + 1;
  }
  return times;
}

/**
 * Both values are sum of numerators / sum of denominators over all plays and visitors, of each block of arrivals and of all. The interval of
 * their difference is a percentile bootstrap that draws visitors, each with both arms, and orders of arrival, each with both arms: it tells how
 * far the difference would be elsewhere had other people been judged, and had they come in other orders. It errs on the wide side; `sameOrders`
 * draws visitors alone. A resample without anybody to judge is left out.
 *
 * @throws DomainError TOO_FEW_ROWS when an arm could have shown nothing of what was shown
 * @see Owen, The Pigeonhole Bootstrap, Annals of Applied Statistics 1 (2007)
 */
export function estimateEffect(
  plays: ArmPlays,
  { measure, blocks }: { readonly measure: Measure; readonly blocks: number },
  resamples: readonly Resample[],
): EffectCurve {
  const once: Resample = {
    visitors: new Uint16Array(plays.with[0]?.block.length ?? 0).fill(1),
    plays: new Uint16Array(plays.with.length).fill(1),
  };
  const valuesOf = (resample: Resample) => ({
    with: ratios(plays.with, { measure, blocks }, resample),
    without: ratios(plays.without, { measure, blocks }, resample),
  });
  const values = valuesOf(once);
  const drawn = resamples.map(valuesOf);
  const peopleDrawn = resamples.map(({ visitors }) => valuesOf({ visitors, plays: once.plays }));
  const estimate = (at: number): EffectEstimate => {
    const sides = { with: values.with[at] ?? Number.NaN, without: values.without[at] ?? Number.NaN };
    if (!Number.isFinite(sides.with) || !Number.isFinite(sides.without)) {
      throw new DomainError('TOO_FEW_ROWS', 'a policy met the log too rarely to be estimated');
    }
    return { ...sides, difference: sides.with - sides.without, ...boundsOf(drawn, at), sameOrders: boundsOf(peopleDrawn, at) };
  };
  return { overall: estimate(blocks), blocks: Array.from({ length: blocks }, (_, block) => estimate(block)) };
}

/** The value of one play by itself; NaN where there is nothing to divide by. */
export function valueOfPlay(play: PlaySums, measure: Measure): number {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return sum(play[measure].numerator) / sum(play[measure].denominator);
}

/** Numerators over denominators, shape [blocks + 1]: of each block of arrivals, then of all of them. */
function ratios(
  plays: readonly PlaySums[],
  { measure, blocks }: { readonly measure: Measure; readonly blocks: number },
  times: Resample,
): Float64Array {
  const top = new Float64Array(blocks + 1);
  const bottom = new Float64Array(blocks + 1);
  plays.forEach((play, at) => {
    const drawn = times.plays[at] ?? 0;
    if (drawn > 0) addPlay({ top, bottom }, { play, measure, drawn }, times.visitors);
  });
  for (let block = 0; block < blocks; block++) {
    top[blocks] = (top[blocks] ?? 0) + (top[block] ?? 0);
    bottom[blocks] = (bottom[blocks] ?? 0) + (bottom[block] ?? 0);
  }
  return top.map((sum, at) => sum / (bottom[at] ?? 0));
}

function addPlay(
  { top, bottom }: { readonly top: Float64Array; readonly bottom: Float64Array },
  { play, measure, drawn }: { readonly play: PlaySums; readonly measure: Measure; readonly drawn: number },
  visitors: Uint16Array,
): void {
  const { numerator, denominator } = play[measure];
  for (let visitor = 0; visitor < visitors.length; visitor++) {
    const count = drawn * (visitors[visitor] ?? 0);
    if (count === 0) continue;
    const block = play.block[visitor] ?? 0;
    top[block] = (top[block] ?? 0) + count * (numerator[visitor] ?? 0);
    bottom[block] = (bottom[block] ?? 0) + count * (denominator[visitor] ?? 0);
  }
}

/** Of the differences at one place of the ratios. */
function boundsOf(drawn: readonly Readonly<Record<Arm, Float64Array>>[], at: number): Bounds {
  const differences = drawn.map((sides) => (sides.with[at] ?? Number.NaN) - (sides.without[at] ?? Number.NaN));
  const sorted = Float64Array.from(differences.filter(Number.isFinite)).sort();
  invariant(sorted.length > 0, 'some resample has somebody to judge');
  return { low: quantile(sorted, TAIL), high: quantile(sorted, 1 - TAIL) };
}

/** @param sorted ascending, not empty */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? 0) - below);
}
