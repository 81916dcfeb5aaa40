import { rngFromNumber } from '@vitrine/kernel';
import { compileClusterer } from '../clustering/clusterer';
import { RFM_FEATURES, withRules } from '../search/configuration';
import { evaluateTrial } from '../search/evaluate-trial';
import { createAssigner } from '../segment-assigner';
import { DEFAULT_TRAINING_SETTINGS } from '../training-run';
import { fitSegmentModel } from './fit-segment-model';
import { groupRows } from './group-rows';
import { rfmColumnsOf, ruleNames } from './group-by-rules';
import { numericTable } from './labelled-table';

const NAMES = ['visits', ...Object.values(RFM_FEATURES)];
const [CONFIGURATION = { algorithm: 'RFM', segments: 0, scaling: 'STANDARD', dimensions: 0 } as const] = withRules([], NAMES);

/** Six people in ten never bought; the others long ago and little, or lately and much. */
function shoppers(count: number, seed: number) {
  const rng = rngFromNumber(seed);
  const rows = Array.from({ length: count }, (_, at) => {
    if (at % 10 < 6) return [rng(), Math.log1p(365), 0, 0];
    const lately = at % 10 >= 8;
    return [
      2 + rng(),
      Math.log1p((lately ? 2 : 200) + 10 * rng()),
      Math.log1p((lately ? 9 : 1) + rng()),
      Math.log1p((lately ? 500 : 20) * (1 + rng())),
    ];
  });
  return numericTable(NAMES, Float64Array.from(rows.flat()));
}

describe('groups by the rules of recency, frequency and money', () => {
  const request = {
    train: shoppers(1_000, 1),
    tune: shoppers(300, 2),
    configuration: CONFIGURATION,
    settings: DEFAULT_TRAINING_SETTINGS,
    seed: 3,
  };

  it('compete only where there is what they read', () => {
    expect(withRules([], ['visits', 'logFrequency'])).toEqual([]);
    expect(CONFIGURATION).toMatchObject({ algorithm: 'RFM' });
    expect(rfmColumnsOf(request.train, { algorithm: 'RFM' })).toEqual({ recency: 1, frequency: 2, monetary: 3 });
    expect(rfmColumnsOf(request.train, { algorithm: 'K_MEANS' })).toBeNull();
  });

  it('keep people who never bought apart from those who bought long ago, and have the names of the trade', () => {
    const { model } = fitSegmentModel({ ...request, responses: null, live: null, nextSegment: 0 });
    const assigner = createAssigner({ ...model, version: 1 });
    const nameOf = (row: readonly number[]): string | undefined =>
      model.segments.find(({ id }) => id === assigner.assign(Float64Array.from(row)))?.name;
    expect(model.segments[0]).toMatchObject({ id: 'seg-0', name: 'Never bought', share: 0.6 });
    expect(nameOf([0, Math.log1p(365), 0, 0])).toBe('Never bought');
    expect(nameOf([3, Math.log1p(1), Math.log1p(12), Math.log1p(2_000)])).toBe('Champions');
    expect(nameOf([2, Math.log1p(300), Math.log1p(1), Math.log1p(10)])).toBe('Hibernating');
  });

  it('give somebody under a rule that nobody met in training the group whose people are most alike', () => {
    const columns = { recency: 1, frequency: 2, monetary: 3 };
    const rows = { rows: 5, columns: 4, values: Float64Array.from([1, 1, 1, 1, 1, 2, 2, 2, 1, 3, 3, 3, 1, 4, 4, 4, 1, 5, 5, 5]) };
    const { clusterer } = groupRows(
      rows,
      { algorithm: 'RFM', segments: 11, restarts: 1, maxIterations: 1, rfmColumns: columns },
      rngFromNumber(1),
    );
    if (clusterer.kind !== 'RFM') throw new TypeError('rules were asked for');
    expect(ruleNames(clusterer)).not.toContain('Never bought');
    const group = compileClusterer(clusterer)(Float64Array.of(1, 1, 0, 0), 0);
    expect(group).toBeGreaterThanOrEqual(0);
    expect(group).toBeLessThan(clusterer.middles.length);
  });

  it('score like any configuration, and last with a reason where too few people bought', () => {
    expect(evaluateTrial({ ...request, responses: [], rung: 0 })).toMatchObject({ bic: null, rows: 1_000, stability: expect.any(Number) });
    const strangers = numericTable(
      NAMES,
      new Float64Array(NAMES.length * 200).map((_, at) => (at % NAMES.length === 0 ? at % 7 : 0)),
    );
    const score = evaluateTrial({ ...request, train: strangers, responses: [], rung: 0 });
    expect(score.obstacle).toMatch(/^TOO_FEW_ROWS: /);
  });
});
