import { OneHotEncoder } from '../one-hot.encoder';
import type { Arrivals } from './arrivals';
import type { SegmentTimeline } from './segment-timeline';
import type { Visit, VisitorWorld } from './visitor-world';

/** What a policy knows beside segments: the situation and every single trait, or the situation alone. */
export const BASE_CONTEXTS = ['situation-and-traits', 'situation'] as const;
export type BaseContext = (typeof BASE_CONTEXTS)[number];

const MOST_PLACES = 256;

/** Encodes what a policy knows of a visit: a constant 1, the base, then the features of segments where there are some. */
export class VisitorContexts {
  private readonly encoder: OneHotEncoder;

  constructor(
    private readonly world: VisitorWorld,
    base: BaseContext,
  ) {
    const traits = base === 'situation-and-traits' ? world.traitValues : [];
    this.encoder = new OneHotEncoder(new Map([...world.situationValues, ...traits]), MOST_PLACES);
  }

  dimension(timeline: SegmentTimeline | null): number {
    return this.encoder.dimension + (timeline?.width ?? 0);
  }

  /** One context per round, each of shape [dimension]. */
  of(visits: readonly Visit[], { visitor }: Arrivals, timeline: SegmentTimeline | null): readonly Float64Array[] {
    const dimension = this.dimension(timeline);
    return visits.map(({ situation }, round) => {
      const who = visitor[round] ?? 0;
      const context = new Float64Array(dimension);
      context.set(this.encoder.encode({ ...this.world.visitors[who]?.traits, ...situation }));
      if (timeline !== null) context.set(timeline.featuresOf(who), this.encoder.dimension);
      return context;
    });
  }
}
