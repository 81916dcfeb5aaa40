import { invariant } from '@vitrine/kernel';
import { fittedMean, sharedRoot, type MixedDesign, type MixedSolution } from '../../numeric/mixed-model';
import { estimateComponents, type ComponentPrior } from '../../numeric/variance-components';
import type { PoolModel } from '../../policy';
import { levelOfGroup, own, type PlacementPrior } from '../../priors/prior-revision';
import { noiseVariance, type CountedArm } from './counted-arm';
import type { CorrelatedBelief } from './difference-variances';
import { EffectTable } from './effect-table';

/** A prior's variances never weigh more than this many effects, so that a placement unlike the others is learned as such. */
const MOST_PRIOR_DEGREES = 10;

export interface NoiseGuess {
  /** Standard deviation of one reward around its banner's mean. */
  readonly noise: number;
  /** Trials that the guess is worth; positive. */
  readonly noiseTrials: number;
}

/** What all tried banners together tell: the base, each group's effect, how much kinds of groups and banners differ, and the noise. */
export class EffectPool {
  private readonly beliefs = new WeakMap<CountedArm, CorrelatedBelief>();

  private constructor(
    private readonly table: EffectTable,
    private readonly solution: MixedSolution,
    /** By level of the table, the banners' own last. */
    readonly variances: Float64Array,
    /** Variance of one reward. */
    readonly noise: number,
  ) {}

  static of(arms: readonly CountedArm[], guess: NoiseGuess, prior: PlacementPrior | null): EffectPool {
    const tried = arms.filter(({ trials }) => trials > 0).sort(byId); // sums over banners do not depend on the order in which they were read
    const noise = noiseVariance(tried, prior === null ? guess : { ...guess, noise: Math.sqrt(prior.revision.noise) });
    const table = EffectTable.of(
      tried.map(({ identity, trials }) => ({ groups: identity.groups, trials })),
      prior,
    );
    const start = startOf(table, noise, prior);
    const { variances, solution } = estimateComponents(designOf(tried, table, noise), start, priorOf(table, prior));
    return new EffectPool(table, solution, variances, noise);
  }

  /** Variance between groups of a kind, or, with a prior, of what is specific to this placement; 0 for a kind that no tried banner has. */
  varianceOf(level: string): number {
    const place = this.table.levels.indexOf(level);
    return place < 0 ? 0 : (this.variances[place] ?? 0);
  }

  /** Of banners with equal groups. */
  get bannerVariance(): number {
    return this.variances[this.variances.length - 1] ?? 0;
  }

  /** Posterior mean reward of a banner, tried or not; kept, as every decision of a revision asks for it. */
  beliefOf(arm: CountedArm): CorrelatedBelief {
    const known = this.beliefs.get(arm);
    if (known !== undefined) return known;
    const belief = this.derive(arm);
    this.beliefs.set(arm, belief);
    return belief;
  }

  private derive({ identity: { groups }, trials, mean }: CountedArm): CorrelatedBelief {
    const { table, solution, noise, bannerVariance } = this;
    const places = table.placesOf(groups);
    const expected = table.priorMean(groups) + fittedMean(solution.coefficients, places);
    const unplaced = table.unplaced(groups).reduce((sum, name) => sum + this.unplacedVariance(name), 0);
    const apart = bannerVariance + unplaced;
    const trust = trials > 0 ? apart / (apart + noise / trials) : 0;
    const shared = new Float64Array(solution.coefficients.length);
    sharedRoot(solution.root, places, shared);
    for (let i = 0; i < shared.length; i++) shared[i] = (1 - trust) * (shared[i] ?? 0);
    return { mean: expected + trust * (mean - expected), own: (1 - trust) * apart, shared };
  }

  private unplacedVariance(group: string): number {
    return this.table.beforehand(group).variance + this.varianceOf(levelOfGroup(group));
  }
}

export function effectPool(model: PoolModel): EffectPool {
  invariant(model instanceof EffectPool, 'hierarchical-thompson reads the pool of its own revision');
  return model;
}

function byId(a: CountedArm, b: CountedArm): number {
  return a.identity.id < b.identity.id ? -1 : 1;
}

function designOf(tried: readonly CountedArm[], table: EffectTable, noise: number): MixedDesign {
  return {
    response: Float64Array.from(tried, ({ mean, identity }) => mean - table.priorMean(identity.groups)),
    sampling: Float64Array.from(tried, ({ trials }) => noise / trials),
    effects: tried.map(({ identity }) => table.placesOf(identity.groups)),
    component: table.components(),
    known: table.knownVariances(),
    components: table.levels.length,
    // Where nothing at all is known, any variance will do: what all banners share decides nothing.
    baseVariance: tried.length === 0 && !Number.isFinite(table.base.variance) ? noise : table.base.variance,
  };
}

/** Without a prior, the noise itself: wider than any difference between means, so that the search comes from above. */
function startOf({ levels }: EffectTable, noise: number, prior: PlacementPrior | null): Float64Array {
  const groups = levels.map((level) => (prior === null ? undefined : own(prior.revision.groups, level)?.local) ?? noise);
  return Float64Array.from([...groups, prior?.revision.banner.between ?? noise]);
}

function priorOf({ levels }: EffectTable, prior: PlacementPrior | null): ComponentPrior | null {
  if (prior === null) return null;
  const { groups, banner } = prior.revision;
  const known = levels.map((level) => own(groups, level) ?? { local: 0, degrees: 0 });
  return {
    variance: Float64Array.from([...known.map(({ local }) => local), banner.between]),
    degrees: Float64Array.from([...known.map(({ degrees }) => degrees), banner.degrees], capped),
  };
}

function capped(degrees: number): number {
  return Math.min(degrees, MOST_PRIOR_DEGREES);
}
