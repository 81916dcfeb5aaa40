import { basePriorFor, levelOfGroup, own, type NormalBelief, type PlacementPrior, type PriorRevision } from '../../priors/prior-revision';

/** Groups beyond this many, the least tried ones, are left to their banners' own effects: bounds the cubic cost. */
export const MOST_EFFECTS = 128;

interface Candidate {
  readonly name: string;
  readonly trials: number;
  readonly priorTrials: number;
}

/** The groups that a model distinguishes, by place, and what is believed of each beforehand. */
export class EffectTable {
  private readonly places: ReadonlyMap<string, number>;
  /** Kinds of groups: one variance component each. */
  readonly levels: readonly string[];

  private constructor(
    readonly groups: readonly string[],
    private readonly revision: PriorRevision | null,
    readonly base: NormalBelief,
  ) {
    this.places = new Map(groups.map((name, place) => [name, place]));
    this.levels = Array.from(new Set(groups.map(levelOfGroup))).sort();
  }

  /**
   * Groups of tried banners and, with a prior, those that were tried elsewhere.
   *
   * @param tried in a canonical order
   */
  static of(tried: readonly { readonly groups: readonly string[]; readonly trials: number }[], prior: PlacementPrior | null): EffectTable {
    const trials = new Map<string, number>();
    for (const banner of tried) {
      for (const name of new Set(banner.groups)) trials.set(name, (trials.get(name) ?? 0) + banner.trials);
    }
    const elsewhere = prior === null ? [] : Object.values(prior.revision.groups).flatMap(({ effects }) => Object.entries(effects));
    const priorTrials = new Map(elsewhere.map(([name, effect]) => [name, effect.trials]));
    const candidates = Array.from(new Set([...trials.keys(), ...priorTrials.keys()]), (name) => ({
      name,
      trials: trials.get(name) ?? 0,
      priorTrials: priorTrials.get(name) ?? 0,
    }));
    const kept = candidates.sort(mostTriedFirst).slice(0, MOST_EFFECTS);
    const base = prior === null ? { mean: 0, variance: Infinity } : basePriorFor(prior.revision, prior);
    return new EffectTable(kept.map(({ name }) => name).sort(), prior?.revision ?? null, base);
  }

  /** Component of each group; shape [groups]. */
  components(): Int32Array {
    const places = new Map(this.levels.map((level, place) => [level, place]));
    return Int32Array.from(this.groups, (name) => places.get(levelOfGroup(name)) ?? 0);
  }

  /** Variance of each group's effect beside what is specific to this placement; shape [groups]. */
  knownVariances(): Float64Array {
    return Float64Array.from(this.groups, (name) => this.beforehand(name).variance);
  }

  placesOf(groups: readonly string[]): Int32Array {
    return Int32Array.from(new Set(groups.flatMap((name) => this.places.get(name) ?? []))).sort();
  }

  /** Those of a banner's groups that have no place. */
  unplaced(groups: readonly string[]): readonly string[] {
    return Array.from(new Set(groups)).filter((name) => !this.places.has(name));
  }

  /** Of a banner, from what other placements learned; 0 where there is no prior. */
  priorMean(groups: readonly string[]): number {
    let mean = this.base.mean;
    for (const name of new Set(groups)) mean += this.beforehand(name).mean;
    return mean;
  }

  /** What a group adds, but for what is specific to this placement. */
  beforehand(group: string): NormalBelief {
    const level = this.revision === null ? undefined : own(this.revision.groups, levelOfGroup(group));
    if (level === undefined) return { mean: 0, variance: 0 };
    return own(level.effects, group) ?? { mean: 0, variance: level.between };
  }
}

function mostTriedFirst(a: Candidate, b: Candidate): number {
  return b.trials - a.trials || b.priorTrials - a.priorTrials || (a.name < b.name ? -1 : 1);
}
