import { invariant } from '@vitrine/kernel';
import { estimateEffect, valueOfPlay, type ArmPlays, type EffectCurve, type EffectEstimate, type Resample } from './effect-estimate';
import type { ContextEffect, EffectReport, EffectRequest } from './effect-report';
import { blockRange, type Arm, type Measure } from './effect-sums';
import type { BaseContext } from './visitor-contexts';

/** All plays of one context. */
export interface PlayedContext extends Pick<EffectRequest, 'seeds' | 'settings' | 'world'> {
  readonly plays: ArmPlays;
  /** Summed over the plays. */
  readonly matches: Readonly<Record<Arm, number>>;
}

/** @throws DomainError TOO_FEW_ROWS when an arm could have shown nothing of what was shown */
export function summariseContext(name: BaseContext, played: PlayedContext, resamples: readonly Resample[]): ContextEffect {
  const { plays, matches, seeds, settings, world } = played;
  const { blocks } = settings;
  const curves = byMeasure((measure) => estimateEffect(plays, { measure, blocks }, resamples));
  return {
    name,
    ...byMeasure((measure) => curves[measure].overall),
    matches: { without: matches.without / seeds.length, with: matches.with / seeds.length },
    curve: Array.from({ length: blocks }, (_, block) => {
      const [from, to] = blockRange(block, { visitors: world.visitors.length, blocks });
      return { from: from + 1, to, ...byMeasure((measure) => estimateAt(curves[measure], block)) };
    }),
    seeds: seeds.map((seed, at) => ({ seed, ...byMeasure((measure) => differenceOf(plays, at, measure)) })),
  };
}

/** By the number of visitors that a training learned from, ascending. */
export function summariseModels(models: readonly { readonly people: number; readonly segments: number }[]): EffectReport['models'] {
  const points = [...new Set(models.map(({ people }) => people))].toSorted((a, b) => a - b);
  return points.map((people) => {
    const chosen = models.filter((model) => model.people === people).map(({ segments }) => segments);
    const mean = chosen.reduce((sum, segments) => sum + segments, 0) / chosen.length;
    return { people, least: Math.min(...chosen), most: Math.max(...chosen), mean };
  });
}

function estimateAt({ blocks }: EffectCurve, block: number): EffectEstimate {
  const estimate = blocks[block];
  invariant(estimate !== undefined, 'a curve has every block');
  return estimate;
}

function differenceOf(plays: ArmPlays, at: number, measure: Measure): number {
  const [withSegments, without] = [plays.with[at], plays.without[at]];
  invariant(withSegments !== undefined && without !== undefined, 'both arms are played under every seed');
  return valueOfPlay(withSegments, measure) - valueOfPlay(without, measure);
}

const byMeasure = <T>(read: (measure: Measure) => T): Readonly<Record<Measure, T>> => ({
  firstVisit: read('firstVisit'),
  firstThreeVisits: read('firstThreeVisits'),
  allVisits: read('allVisits'),
});
