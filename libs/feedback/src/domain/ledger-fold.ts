import type { StatisticsFamily } from '@vitrine/bandit';
import { invariant, type BannerId } from '@vitrine/kernel';
import { dequantise } from './quantisation';
import type { LedgerEntry } from './types';

/** What a fold must know of a policy version. */
export interface FoldTarget {
  readonly family: StatisticsFamily;
  readonly dimension: number;
  readonly featureSchema: number;
}

export interface FoldCount {
  readonly folded: number;
  /** Entries whose context means something else to this version. */
  readonly skipped: number;
}

/**
 * Folds ledger entries, in the order given, into statistics per banner. Additive entry by entry, so that how the ledger is cut into
 * chunks changes no bit of the result.
 */
export class LedgerFold {
  private readonly context: Float64Array;

  constructor(
    private readonly target: FoldTarget,
    /** Statistics so far; changed in place, banners are added as they appear. */
    readonly arms: Map<BannerId, Float64Array>,
  ) {
    this.context = new Float64Array(target.dimension);
  }

  takes(entry: LedgerEntry): boolean {
    const { family, dimension, featureSchema } = this.target;
    if (family.name === 'none') return false;
    return family.name === 'counts' || (entry.featureSchema === featureSchema && entry.steps.length === dimension);
  }

  fold(entries: readonly LedgerEntry[]): FoldCount {
    let folded = 0;
    for (const entry of entries) if (this.foldOne(entry)) folded++;
    return { folded, skipped: entries.length - folded };
  }

  private foldOne(entry: LedgerEntry): boolean {
    if (!this.takes(entry)) return false;
    const { family } = this.target;
    if (family.name === 'linear') dequantise(entry.steps, this.context);
    const statistics = this.statisticsOf(entry.bannerId);
    if (entry.kind === 'TRIAL') family.addTrial(statistics, this.context, entry.reward, 1);
    else family.addReward(statistics, this.context, entry.reward, 1);
    return true;
  }

  private statisticsOf(bannerId: BannerId): Float64Array {
    const held = this.arms.get(bannerId);
    const length = this.target.family.length(this.target.dimension);
    invariant(held === undefined || held.length === length, 'statistics have the length of their family');
    if (held !== undefined) return held;
    const fresh = new Float64Array(length);
    this.arms.set(bannerId, fresh);
    return fresh;
  }
}

/** Equal to the last bit: -0 differs from 0, and a NaN equals itself. */
export function sameBits(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
