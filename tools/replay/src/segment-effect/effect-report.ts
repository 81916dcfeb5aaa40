import type { PolicySpec } from '@vitrine/bandit';
import { DEFAULT_TRAINING_SETTINGS } from '@vitrine/segment';
import type { EffectEstimate } from './effect-estimate';
import type { Arm, Measure } from './effect-sums';
import type { TimelineSettings } from './segment-timeline';
import type { BaseContext } from './visitor-contexts';
import type { VisitorWorld } from './visitor-world';

export interface EffectSettings extends TimelineSettings {
  /** Blocks of visitors that the learning curve is cut into, by order of arrival. */
  readonly blocks: number;
  /** Resamples of visitors behind every interval. */
  readonly resamples: number;
}

/** Fixed before anything was measured, and not tuned since. */
export const EFFECT_SETTINGS: EffectSettings = {
  trainAfter: [40, 80, 160, 320],
  shownCoordinates: 4,
  training: {
    ...DEFAULT_TRAINING_SETTINGS,
    search: { ...DEFAULT_TRAINING_SETTINGS.search, maxSegments: 6 },
    gate: { ...DEFAULT_TRAINING_SETTINGS.gate, minShare: 0.05 },
  },
  holdOutEvery: 4,
  blocks: 8,
  resamples: 2_000,
};

export interface EffectRequest {
  readonly world: VisitorWorld;
  readonly spec: Pick<PolicySpec, 'name' | 'params' | 'floor'>;
  /** At least one, each once. */
  readonly seeds: readonly number[];
  readonly settings: EffectSettings;
}

export type MeasuredEffect = Readonly<Record<Measure, EffectEstimate>>;

/** Names are a contract. */
export interface ContextEffect extends MeasuredEffect {
  readonly name: BaseContext;
  /** Decisions that met the log, mean over seeds: what each arm learned from. */
  readonly matches: Readonly<Record<Arm, number>>;
  /** Visitors `from` to `to` in order of arrival, counted from 1. */
  readonly curve: readonly (MeasuredEffect & { readonly from: number; readonly to: number })[];
  /** Difference of each seed by itself: how much hangs on who comes when. */
  readonly seeds: readonly ({ readonly seed: number } & Readonly<Record<Measure, number>>)[];
}

export interface EffectReport {
  readonly visitors: number;
  readonly visits: number;
  /** Segments that the trainings of all seeds chose, by the number of visitors they learned from. */
  readonly models: readonly { readonly people: number; readonly least: number; readonly most: number; readonly mean: number }[];
  readonly contexts: readonly ContextEffect[];
}
