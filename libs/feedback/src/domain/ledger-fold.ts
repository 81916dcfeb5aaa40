import { isUnfoldable, type Observation, type StatisticsFamily } from '@vitrine/bandit';
import { invariant, murmur3, SHARED_STATE, type BannerId } from '@vitrine/kernel';
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

/** Whether an entry means anything to a version: one of a contextual family must have been seen in the same context features. */
export function takesEntry({ family, dimension, featureSchema }: FoldTarget, entry: LedgerEntry): boolean {
  if (family.length === 0 && family.shared === undefined) return false;
  return !family.contextual || (entry.featureSchema === featureSchema && entry.steps.length === dimension);
}

/** Whether entries can be taken out of what they were folded into; else the ledger has to be folded again without them. */
export function canUnfold({ family }: FoldTarget): boolean {
  return isUnfoldable(family) && family.shared === undefined;
}

/**
 * Folds ledger entries, in the order given, into statistics per banner. Entry by entry, so that how the ledger is cut into chunks changes
 * no bit of the result.
 */
export class LedgerFold {
  private readonly observation: Observation;
  private readonly shared: Float64Array | null;
  private readonly touched = new Set<BannerId>();

  constructor(
    private readonly target: FoldTarget,
    /** Statistics so far; changed in place, banners are added as they appear. Of a family with shared state: those of all banners. */
    readonly arms: Map<BannerId, Float64Array>,
  ) {
    const { family, dimension } = target;
    const context = new Float64Array(family.contextual ? dimension : 0);
    this.observation = { kind: 'TRIAL', context, reward: 0, before: 0, propensity: 1, at: 0, key: 0 };
    this.shared = family.shared === undefined ? null : this.statisticsOf(SHARED_STATE, family.shared.length);
  }

  fold(entries: readonly LedgerEntry[]): FoldCount {
    let folded = 0;
    for (const entry of entries) if (this.foldOne(entry)) folded++;
    return { folded, skipped: entries.length - folded };
  }

  /**
   * Takes out entries that were folded before, the last one first; whatever else was folded in between stays, to rounding. Meaningful where
   * `canUnfold` says so.
   *
   * @param entries in the order in which they were folded
   */
  unfold(entries: readonly LedgerEntry[]): FoldCount {
    const { family } = this.target;
    invariant(isUnfoldable(family) && this.shared === null, 'only what can be un-folded is');
    let folded = 0;
    for (const entry of entries.toReversed()) {
      if (!takesEntry(this.target, entry)) continue;
      this.observe(entry);
      this.touched.add(entry.bannerId);
      family.unfold(this.statisticsOf(entry.bannerId, family.length), this.observation);
      folded++;
    }
    return { folded, skipped: entries.length - folded };
  }

  /** Statistics of the banners that entries changed, and what banners learned together. */
  changed(): ReadonlyMap<BannerId, Float64Array> {
    const changed = new Map<BannerId, Float64Array>();
    for (const id of this.touched) changed.set(id, this.statisticsOf(id, this.target.family.length));
    if (this.shared !== null && this.touched.size > 0) changed.set(SHARED_STATE, this.shared);
    return changed;
  }

  private foldOne(entry: LedgerEntry): boolean {
    if (!takesEntry(this.target, entry)) return false;
    const { family } = this.target;
    this.observe(entry);
    this.touched.add(entry.bannerId);
    if (this.shared !== null) family.shared?.fold(this.shared, this.arms, { ...this.observation, bannerId: entry.bannerId });
    family.fold(this.statisticsOf(entry.bannerId, family.length), this.observation);
    return true;
  }

  private observe(entry: LedgerEntry): void {
    const { observation } = this;
    if (this.target.family.contextual) dequantise(entry.steps, observation.context);
    observation.kind = entry.kind;
    observation.reward = entry.reward;
    observation.before = entry.earnedBefore;
    observation.propensity = entry.propensity;
    observation.at = entry.activatedAt;
    observation.key = murmur3(`${entry.decisionId}:${entry.slot}`);
  }

  private statisticsOf(bannerId: BannerId, length: number): Float64Array {
    const held = this.arms.get(bannerId);
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
