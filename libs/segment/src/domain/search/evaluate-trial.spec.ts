import { quickSettings } from '../../testing/segment.fixture';
import { syntheticTable } from '../../testing/synthetic-rows.fixture';
import { DEFAULT_TRAINING_SETTINGS } from '../training-run';
import { PLAIN, plantedResponses, plantedTable } from '../training/planted.fixture';
import { FEATURE_SCALINGS } from './configuration';
import { DEFAULT_SEARCH_SETTINGS } from './search-settings';
import { evaluateTrial, type TrialRequest } from './evaluate-trial';
import { runSearch } from './run-search';

const settings = quickSettings();
const request: TrialRequest = {
  ...{ train: plantedTable(900, 1), tune: plantedTable(300, 2), responses: [] },
  ...{ configuration: PLAIN, rung: 0, settings, seed: 5 },
};
const pair = (oneIn: readonly number[]) => ({
  train: plantedResponses(900, { seed: 1, oneIn }),
  judge: plantedResponses(600, { seed: 4, oneIn }),
});

describe('evaluateTrial', () => {
  const CHOICES = DEFAULT_SEARCH_SETTINGS.algorithms.flatMap((algorithm) =>
    FEATURE_SCALINGS.map((scaling) => [algorithm, scaling] as const),
  );

  it.each(CHOICES)('scores the planted groups highly and the same way every time, with %s and %s', (algorithm, scaling) => {
    const one = { ...request, configuration: { ...PLAIN, algorithm, scaling } };
    const score = evaluateTrial(one);
    expect(evaluateTrial(one)).toEqual(score);
    expect(score).toMatchObject({ segments: 3, rows: 300, responseGain: null, obstacle: null });
    expect(score.stability).toBeGreaterThan(0.95);
    expect(score.silhouette).toBeGreaterThan(0.4);
    expect(score.smallestShare).toBeCloseTo(1 / 3, 1);
    expect(score.bic === null).toBe(algorithm === 'K_MEANS');
  });

  it('looks at more rows in a later rung, never at more than there are', () => {
    expect([0, 1].map((rung) => evaluateTrial({ ...request, rung }).rows)).toEqual([300, 900]);
  });

  it('measures what segments tell of the response, as a mean over judges by their people', () => {
    const telling = pair([10, 2, 5]);
    const silent = {
      train: plantedResponses(900, { seed: 1, oneIn: [4, 4, 4] }),
      judge: plantedResponses(300, { seed: 4, oneIn: [4, 4, 4] }),
    };
    const gain = (...responses: readonly (typeof telling)[]) => evaluateTrial({ ...request, responses }).responseGain ?? Number.NaN;
    expect(gain(telling)).toBeGreaterThan(0.05);
    expect(gain(silent)).toBeCloseTo(0, 3);
    expect(gain(telling, silent)).toBeCloseTo((2 * gain(telling) + gain(silent)) / 3, 10);
  });

  const [blob] = [[[0, 0, 0, 0]]];
  it.each([
    ['NO_STRUCTURE', { gate: { ...settings.gate, minSilhouette: 0.99 } }],
    ['SEGMENT_TOO_SMALL', { gate: { ...settings.gate, minShare: 0.4 } }],
  ])('says that a model like this would break %s', (obstacle, over) => {
    expect(evaluateTrial({ ...request, settings: { ...settings, ...over } }).obstacle).toBe(obstacle);
  });

  it('calls groups of one blob unstable', () => {
    const [train, tune] = [syntheticTable(900, { archetypes: blob, seed: 1 }), syntheticTable(300, { archetypes: blob, seed: 2 })];
    const gate = { ...settings.gate, minStability: 0.8 };
    expect(
      evaluateTrial({ ...request, train, tune, settings: { ...settings, gate }, configuration: { ...PLAIN, segments: 5 } }).obstacle,
    ).toBe('UNSTABLE');
  });
});

describe('runSearch', () => {
  it('finds how many kinds there are, rung by rung, and says how far it is', () => {
    const told: string[] = [];
    const found = runSearch({ ...request, settings: { ...settings, search: { ...settings.search, configurations: 6 } } }, (done, of) =>
      told.push(`${done}/${of}`),
    );
    expect(found.chosen.segments).toBe(3);
    expect(found.trials.map((rung) => Object.keys(rung).length)).toEqual([6, 2]);
    expect(told).toEqual(['1/8', '2/8', '3/8', '4/8', '5/8', '6/8', '7/8', '8/8']);
    expect(found.score).toEqual(Object.values(found.trials[1] ?? {}).find((score) => score.rows === 900 && score.segments === 3));
  });

  it('prefers fewer segments that tell of the response to more that only look better', () => {
    // Responses follow the first feature alone: kinds 0 and 2 answer alike, so that two segments tell as much as three.
    const { chosen, score } = runSearch(
      { ...request, responses: [pair([12, 2, 12])], settings: { ...DEFAULT_TRAINING_SETTINGS, ...settings } },
      () => undefined,
    );
    expect(score.responseGain).toBeGreaterThan(0.05);
    expect(chosen.segments).toBeLessThanOrEqual(3);
  });
});
