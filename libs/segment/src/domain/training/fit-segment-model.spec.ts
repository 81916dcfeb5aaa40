import { adjustedRandIndex } from '../metrics/adjusted-rand-index';
import { FEATURE_SCALINGS } from '../search/configuration';
import { DEFAULT_SEARCH_SETTINGS } from '../search/search-settings';
import { createAssigner } from '../segment-assigner';
import { eachRow } from './describe-segments';
import { fitSegmentModel } from './fit-segment-model';
import { numericTable, takeTableRows } from './labelled-table';
import { aFitRequest, KINDS, PLAIN, plantedResponses, plantedTable } from './planted.fixture';

const fresh = plantedTable(600, 3);
const kinds = Int32Array.from({ length: fresh.rows }, (_, row) => row % KINDS.length);
const segmentsOf = (model: ReturnType<typeof fitSegmentModel>['model'], table = fresh): readonly string[] => {
  const assigner = createAssigner({ ...model, version: 1 });
  return eachRow(table, (features) => assigner.assign(features));
};
const coded = (ids: readonly string[]): Int32Array => Int32Array.from(ids, (id) => Number(id.slice('seg-'.length)));

describe('fitSegmentModel', () => {
  const CHOICES = DEFAULT_SEARCH_SETTINGS.algorithms.flatMap((algorithm) =>
    FEATURE_SCALINGS.map((scaling) => [algorithm, scaling] as const),
  );

  it.each(CHOICES)('finds the kinds that are there and gives the same model for the same request, with %s and %s', (algorithm, scaling) => {
    const request = aFitRequest({ configuration: { ...PLAIN, algorithm, scaling } });
    const outcome = fitSegmentModel(request);
    expect(adjustedRandIndex(coded(segmentsOf(outcome.model)), kinds)).toBeGreaterThan(0.98);
    expect(JSON.stringify(fitSegmentModel(request))).toBe(JSON.stringify(outcome));
    expect(outcome.model.metrics['bicPerRow'] === undefined).toBe(algorithm === 'K_MEANS');
  });

  it('is plain data: what is stored and read again assigns alike', () => {
    const { model } = fitSegmentModel(aFitRequest());
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  });

  it('orders segments by size, with shares that sum to 1, ids by rank and names and sentences of their own', () => {
    const uneven = Int32Array.from({ length: 900 }, (_, at) =>
      at < 500 ? (at % 300) * 3 + 2 : at < 750 ? (at % 250) * 3 : (at % 150) * 3 + 1,
    );
    const { segments, nextSegment, reference } = fitSegmentModel(aFitRequest({ train: takeTableRows(plantedTable(900, 1), uneven) })).model;
    expect(segments.map(({ id }) => id)).toEqual(['seg-0', 'seg-1', 'seg-2']);
    expect(segments.map(({ share }) => Math.round(share * 900))).toEqual([500, 250, 150]);
    expect(segments[0]?.name).toBe('High f1, low f2');
    expect(segments[0]?.description).toMatch(/^(Far a|A)bove average in f1 \(\+\d\.\d sd\), .*below average in f2/);
    expect(new Set(segments.map(({ name }) => name)).size).toBe(3);
    expect(segments.every(({ rate, size }) => rate === null && size === 0)).toBe(true);
    expect(nextSegment).toBe(3);
    expect(reference.segments).toEqual(Object.fromEntries(segments.map(({ id, share }) => [id, share])));
    expect(reference.features.map(({ name }) => name)).toEqual(['f0', 'f1', 'f2', 'f3']);
  });

  it('measures on other people how far apart segments lie and how much of them is chance', () => {
    const { model, log } = fitSegmentModel(aFitRequest());
    expect(model.metrics).toMatchObject({ segments: 3, stability: expect.closeTo(1, 1) });
    expect(model.metrics['tuneSilhouette']).toBeGreaterThan(0.6);
    expect(log.filter(({ name }) => name === 'resampledAgreement').map(({ index }) => index)).toEqual([0, 1]);
    expect(log).toContainEqual({ name: 'stability', index: 0, value: model.metrics['stability'] });
    expect(model.response).toBeNull();
  });

  it('learns responses, and says how often each segment responded later, among other people', () => {
    const train = plantedResponses(900, { seed: 1, oneIn: [10, 2, 5] });
    const judge = plantedResponses(600, { seed: 4, oneIn: [20, 2, 4] });
    const { model, log } = fitSegmentModel(aFitRequest({ responses: { train, judge } }));
    const rates = new Map(
      segmentsOf(model)
        .slice(0, 3)
        .map((id, kind) => [kind, model.segments.find((one) => one.id === id)?.rate]),
    );
    expect([0, 1, 2].map((kind) => rates.get(kind)?.value)).toEqual([
      expect.closeTo(0.05, 2),
      expect.closeTo(0.5, 2),
      expect.closeTo(0.25, 2),
    ]);
    expect(rates.get(0)?.people).toBe(200);
    expect(model.response?.people).toBe(600);
    expect(model.response?.auc).toBeGreaterThan(0.7);
    expect(model.metrics['responseAuc']).toBe(model.response?.auc);
    expect(log.filter(({ name }) => name === 'responseLogLoss').length).toBeGreaterThan(1);
  });

  it('makes one segment of rows that are all the same, and ignores what never varied in training', () => {
    const same = numericTable(['x', 'y'], new Float64Array(400).fill(1));
    const { model } = fitSegmentModel(aFitRequest({ train: same, tune: same, configuration: { ...PLAIN, dimensions: 2 } }));
    expect(model.segments).toMatchObject([{ id: 'seg-0', name: 'Average', share: 1 }]);
    const assigner = createAssigner({ ...model, version: 1 });
    expect(assigner.assign(Float64Array.of(1e9, -1e9))).toBe('seg-0');
  });

  it('fits a table with missing values, and assigns rows that miss everything', () => {
    const holes = numericTable(
      ['x', 'y'],
      Float64Array.from({ length: 600 }, (_, at) => (at % 7 === 0 ? Number.NaN : (at % 4) * 5 + (at % 13) / 10)),
    );
    const { model } = fitSegmentModel(aFitRequest({ train: holes, tune: holes, configuration: { ...PLAIN, dimensions: 2 } }));
    const ids = new Set(model.segments.map(({ id }) => id));
    expect(ids.has(createAssigner({ ...model, version: 1 }).assign(Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY)))).toBe(true);
  });
});

describe('a model that follows another', () => {
  const first = fitSegmentModel(aFitRequest()).model;
  const live = { ...first, version: 1 };
  const successor = (train: Parameters<typeof aFitRequest>[0]) =>
    fitSegmentModel(aFitRequest({ live, nextSegment: first.nextSegment, seed: 9, ...train })).model;
  const shuffled = Int32Array.from({ length: 900 }, (_, at) => (at * 7 + 3) % 900);
  const CASES: readonly (readonly [string, ReturnType<typeof plantedTable>])[] = [
    ['the same', plantedTable(900, 1)],
    ['in another order', takeTableRows(plantedTable(900, 1), shuffled)],
    ['of twice as many people', plantedTable(1_800, 1)],
    ['of other people like them', plantedTable(900, 8)],
  ];

  it.each(CASES)('keeps the ids of segments when rows are %s', (_what, train) => {
    const model = successor({ train });
    expect(model.segments.map(({ id }) => id).toSorted()).toEqual(['seg-0', 'seg-1', 'seg-2']);
    expect(model.nextSegment).toBe(3);
    expect(segmentsOf(model)).toEqual(segmentsOf(first));
  });

  it('gives people who are new a number that nobody had', () => {
    const other = numericTable(
      ['f0', 'f1', 'f2', 'f3'],
      Float64Array.from({ length: 900 * 4 }, (_, at) => (at < 1_800 ? 40 : -40) + ((at * 7) % 11) / 5),
    );
    const model = fitSegmentModel(
      aFitRequest({ train: other, tune: other, live, nextSegment: 7, configuration: { ...PLAIN, segments: 2 } }),
    ).model;
    const fresh = model.segments.map(({ id }) => Number(id.slice('seg-'.length))).filter((number) => number >= 3);
    expect(fresh.every((number) => number >= 7)).toBe(true);
    expect(model.nextSegment).toBe(7 + fresh.length);
  });
});
