/** What is believed of one effect on the mean reward, in units of reward. */
export interface LearnedEffect {
  readonly mean: number;
  readonly variance: number;
  /** That it rests on. */
  readonly trials: number;
}

/** Groups of one kind (`campaign`, `category`, `tag`): how much they matter, and what each was found to add. */
export interface GroupLevel {
  /** Variance between groups. */
  readonly between: number;
  /** Variance with which one group's effect differs from placement to placement. */
  readonly local: number;
  /** How many comparisons between placements `local` rests on. */
  readonly degrees: number;
  /** By group (`campaign:summer`): what it adds to a banner wherever it is shown. */
  readonly effects: Readonly<Record<string, LearnedEffect>>;
}

/** Surfaces or placements: the mean reward of an average banner there. */
export interface BaseLevel {
  /** Variance between surfaces, or between placements of one surface. */
  readonly between: number;
  /** By surface or placement: the whole mean reward there, everything wider included. */
  readonly bases: Readonly<Record<string, LearnedEffect>>;
}

/**
 * What all placements together say about one that is new, as an immutable value: a banner's mean reward is the base of its placement (drawn
 * around that of its surface, drawn around the global one), plus what each of its groups adds, plus its own effect. All normal.
 */
export interface PriorRevision {
  readonly format: typeof PRIOR_FORMAT;
  /** Variance of one reward around its banner's mean. */
  readonly noise: number;
  /** Mean reward of an average banner in a placement of which not even the surface was seen before; the variance is that of the overall mean. */
  readonly global: LearnedEffect;
  readonly surface: BaseLevel;
  readonly placement: BaseLevel;
  /** By kind of group. */
  readonly groups: Readonly<Record<string, GroupLevel>>;
  /** Banners of equal groups in one placement. */
  readonly banner: { readonly between: number; readonly degrees: number };
}

export const PRIOR_FORMAT = 1;

/** Where a banner is to be shown. */
export interface PlacementAddress {
  readonly placementId: string;
  readonly surface: string;
}

/** A prior revision as one placement reads it. */
export interface PlacementPrior extends PlacementAddress {
  /** Fitted without this placement's own trials: they count once, as its statistics. */
  readonly revision: PriorRevision;
}

export interface NormalBelief {
  readonly mean: number;
  readonly variance: number;
}

/** The kind of a group: what stands before the first colon; the whole name where there is none. */
export function levelOfGroup(group: string): string {
  const colon = group.indexOf(':');
  return colon < 0 ? group : group.slice(0, colon);
}

/** Mean reward of an average banner of a placement: what is known of the placement, else of its surface, else of all. */
export function basePriorFor({ global, surface, placement }: PriorRevision, address: PlacementAddress): NormalBelief {
  const known = own(placement.bases, address.placementId);
  if (known !== undefined) return known;
  const around = own(surface.bases, address.surface);
  if (around !== undefined) return { mean: around.mean, variance: around.variance + placement.between };
  return { mean: global.mean, variance: global.variance + surface.between + placement.between };
}

/** What a group adds in a placement that has not tried it; a kind of group that was never seen adds nothing. */
export function groupPriorFor({ groups }: PriorRevision, group: string): NormalBelief {
  const level = own(groups, levelOfGroup(group));
  if (level === undefined) return { mean: 0, variance: 0 };
  const effect = own(level.effects, group);
  return effect === undefined
    ? { mean: 0, variance: level.between + level.local }
    : { mean: effect.mean, variance: effect.variance + level.local };
}

/**
 * Mean reward, beforehand, of a banner that nobody has tried in this placement. The parts' variances are added: their posterior
 * covariances, mostly negative (what a group takes the base lacks), are left out, so the prior is rather too wide than too narrow.
 */
export function priorFor(prior: PriorRevision, banner: PlacementAddress & { readonly groups: readonly string[] }): NormalBelief {
  const base = basePriorFor(prior, banner);
  return Array.from(new Set(banner.groups)).reduce<NormalBelief>(
    (sum, group) => {
      const part = groupPriorFor(prior, group);
      return { mean: sum.mean + part.mean, variance: sum.variance + part.variance };
    },
    { mean: base.mean, variance: base.variance + prior.banner.between },
  );
}

/** Names come from configuration: one may be called `constructor`. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
