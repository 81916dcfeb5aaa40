import { bannerId } from '@vitrine/kernel';
import { fittedMean, sharedRoot, type MixedDesign } from '../numeric/mixed-model';
import { estimateComponents, type EstimatedComponents } from '../numeric/variance-components';
import { CountedArm, noiseVariance } from '../policies/hierarchical/counted-arm';
import { groupComponent, localComponent, PlacementEffects, type PlacementCell, type PlacementEffect } from './placement-effects';
import {
  levelOfGroup,
  PRIOR_FORMAT,
  type BaseLevel,
  type GroupLevel,
  type LearnedEffect,
  type PlacementAddress,
  type PriorRevision,
} from './prior-revision';

/** What one placement's banners earned. */
export interface PlacementCounts extends PlacementAddress {
  readonly banners: readonly {
    readonly id: string;
    readonly groups: readonly string[];
    /** In the layout of `COUNTS`. */
    readonly counts: Float64Array;
  }[];
}

/** First guess of the noise: worth so little that any data overrule it. */
const NOISE_GUESS = { noise: 0.5, noiseTrials: 2 } as const;
/** A kind of group found to be without effect keeps this share of the variance of banners, so that a placement can learn otherwise. */
const LEAST_SHARE = 0.01;

/**
 * Learns from all placements what a new one should start from, by a nested normal model: base = overall + surface + placement; a banner adds its
 * groups, each everywhere the same but for a local difference, and its own effect. Variances maximise the restricted likelihood (empirical
 * Bayes). For a placement that has trials of its own, leave it out: they would count twice.
 *
 * An estimate of 0 may be chance where little was compared. `local` is at least between / (1 + degrees), `banner.between` at least
 * the variance of the overall mean (noise / trials), `between` of a kind at least a hundredth of the latter. So two placements that happen to
 * agree do not bind a third one for ever.
 *
 * Cost: at most 80 solutions of O(cells g p + p^3), g effects per cell, p <= 257 effects: 0.1 s for ten placements of 50 banners in four
 * groups, about a second at worst.
 *
 * @param placements whose rewards are on one scale
 * @returns null while nothing was tried anywhere
 */
export function fitPriorRevision(placements: readonly PlacementCounts[]): PriorRevision | null {
  const cells = placements.flatMap(cellsOf).sort(byPlace);
  if (cells.length === 0) return null;
  const arms = cells.map(({ arm }) => arm);
  const noise = noiseVariance(arms, NOISE_GUESS);
  const effects = PlacementEffects.of(cells);
  const design = designOf(cells, effects, noise);
  const fit = estimateComponents(design, new Float64Array(design.components + 1).fill(noise));
  const trials = arms.reduce((sum, arm) => sum + arm.trials, 0);
  const banner = {
    between: Math.max(fit.variances[design.components] ?? 0, noise / trials),
    degrees: Math.max(cells.length - effects.list.filter(({ kind }) => kind !== 'local').length - 1, 0),
  };
  const reader = new FitReader(effects, fit);
  return {
    format: PRIOR_FORMAT,
    noise,
    global: { ...reader.belief(new Int32Array(0)), trials },
    ...reader.bases(cells),
    groups: reader.groups(banner.between),
    banner,
  };
}

function cellsOf({ placementId, surface, banners }: PlacementCounts): readonly PlacementCell[] {
  return banners
    .map(({ id, groups, counts }) => ({ placementId, surface, arm: CountedArm.of({ id: bannerId(id), groups }, counts) }))
    .filter(({ arm }) => arm.trials > 0);
}

/** Sums over cells do not depend on the order in which they were read. */
function byPlace(a: PlacementCell, b: PlacementCell): number {
  if (a.placementId !== b.placementId) return a.placementId < b.placementId ? -1 : 1;
  return a.arm.identity.id < b.arm.identity.id ? -1 : 1;
}

function designOf(cells: readonly PlacementCell[], effects: PlacementEffects, noise: number): MixedDesign {
  const places = new Map(effects.components.map((component, place) => [component, place]));
  return {
    response: Float64Array.from(cells, ({ arm }) => arm.mean),
    sampling: Float64Array.from(cells, ({ arm }) => noise / arm.trials),
    effects: cells.map((cell) => effects.placesOf(cell)),
    component: Int32Array.from(effects.list, ({ component }) => places.get(component) ?? 0),
    known: new Float64Array(effects.list.length),
    components: effects.components.length,
    baseVariance: Infinity,
  };
}

/** Reads a fit by the names of effects. */
class FitReader {
  constructor(
    private readonly effects: PlacementEffects,
    private readonly fit: EstimatedComponents,
  ) {}

  /** Overall mean plus these effects. */
  belief(places: Int32Array): { readonly mean: number; readonly variance: number } {
    const { coefficients, root } = this.fit.solution;
    const variance = sharedRoot(root, places, new Float64Array(coefficients.length));
    return { mean: fittedMean(coefficients, places), variance };
  }

  bases(cells: readonly PlacementCell[]): { readonly surface: BaseLevel; readonly placement: BaseLevel } {
    const trials = trialsByName(this.effects.list);
    const surfaces = new Map(cells.map(({ surface }) => [surface, this.effects.basePlaces(surface, null)]));
    const placements = new Map(cells.map(({ surface, placementId }) => [placementId, this.effects.basePlaces(surface, placementId)]));
    const read = (kind: 'surface' | 'placement', places: ReadonlyMap<string, Int32Array>): BaseLevel => ({
      between: this.variance(kind),
      bases: Object.fromEntries(
        Array.from(places, ([name, at]) => [name, { ...this.belief(at), trials: trials.get(`${kind} ${name}`) ?? 0 }] as const),
      ),
    });
    return { surface: read('surface', surfaces), placement: read('placement', placements) };
  }

  groups(bannerVariance: number): Readonly<Record<string, GroupLevel>> {
    const groups = this.effects.list.flatMap((effect, place) => (effect.kind === 'group' ? [{ effect, place }] : []));
    const kinds = Array.from(new Set(groups.map(({ effect }) => levelOfGroup(effect.name)))).sort();
    return Object.fromEntries(
      kinds.map((kind) => {
        const members = groups.filter(({ effect }) => levelOfGroup(effect.name) === kind);
        return [kind, this.level(members, bannerVariance)] as const;
      }),
    );
  }

  private level(members: readonly { readonly effect: PlacementEffect; readonly place: number }[], bannerVariance: number): GroupLevel {
    const name = members[0]?.effect.name ?? '';
    const between = Math.max(this.variance(groupComponent(name)), LEAST_SHARE * bannerVariance);
    const compared = this.effects.list.filter(({ component }) => component === localComponent(name)).length;
    const degrees = Math.max(compared - members.length, 0);
    return {
      between,
      local: Math.max(this.variance(localComponent(name)), between / (1 + degrees)),
      degrees,
      effects: Object.fromEntries(members.map(({ effect, place }) => [effect.name, this.effectOf(effect, place)])),
    };
  }

  private effectOf({ trials }: PlacementEffect, place: number): LearnedEffect {
    const { coefficients, root } = this.fit.solution;
    const order = coefficients.length;
    const row = root.subarray((place + 1) * order, (place + 2) * order);
    return { mean: coefficients[place + 1] ?? 0, variance: row.reduce((sum, value) => sum + value * value, 0), trials };
  }

  private variance(component: string): number {
    const place = this.effects.components.indexOf(component);
    return place < 0 ? 0 : (this.fit.variances[place] ?? 0);
  }
}

function trialsByName(effects: readonly PlacementEffect[]): ReadonlyMap<string, number> {
  return new Map(effects.map(({ kind, name, trials }) => [`${kind} ${name}`, trials]));
}
