import { placementId, rngFromNumber } from '@vitrine/kernel';
import { useMongo } from '@vitrine/testing';
import { BUCKET_MS, COUNTER_NAMES, PERFORMANCE_GROUPINGS, type PerformanceGrouping, type TimeBucket } from '../domain/performance';
import { MongoRollupReader, type RollupRow } from './mongo-rollup.reader';

const START = Date.UTC(2026, 0, 5, 22);
const FIELD = { BANNER: 'bannerId', SEGMENT: 'segmentId', POLICY_VERSION: 'policyVersionId', DEVICE: 'device', LAYER: 'layer' } as const;

function someRows(): readonly RollupRow[] {
  const rng = rngFromNumber(5);
  const pick = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(rng() * values.length)] ?? values[0];
  return Array.from({ length: 3_000 }, (_, at) => ({
    _id: `row-${at}`,
    minute: new Date(START + Math.floor(rng() * 300) * 60_000),
    placementId: pick(['home-hero', 'home-hero', 'other']),
    bannerId: pick(['b1', 'b2', 'b3']),
    policyVersionId: pick(['home-hero@1', 'home-hero@2']),
    layer: pick(['EXPLOIT', 'EXPLORE', 'HOLDOUT']),
    segmentId: pick(['seg-0', 'seg-1', null]),
    device: pick(['MOBILE', 'DESKTOP']),
    partition: pick([0, 1, 2, 3]),
    // Writers leave out counters that are 0.
    ...Object.fromEntries(COUNTER_NAMES.filter(() => rng() < 0.6).map((name) => [name, Math.floor(rng() * 50)])),
  }));
}

/** The same sums the slow and obvious way. */
function recount(
  rows: readonly RollupRow[],
  range: { readonly from: number; readonly to: number },
  groupBy: PerformanceGrouping,
  bucket: TimeBucket | null,
) {
  const sums = new Map<string, Record<string, number>>();
  for (const row of rows) {
    if (row.placementId !== 'home-hero' || row.minute.getTime() < range.from || row.minute.getTime() >= range.to) continue;
    const start = bucket === null ? null : Math.floor(row.minute.getTime() / BUCKET_MS[bucket]) * BUCKET_MS[bucket];
    const key = JSON.stringify([row[FIELD[groupBy]], start]);
    const sum = sums.get(key) ?? Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0]));
    for (const name of COUNTER_NAMES) sum[name] = (sum[name] ?? 0) + (row[name] ?? 0);
    sums.set(key, sum);
  }
  return sums;
}

describe('MongoRollupReader', () => {
  const mongo = useMongo();
  const rows = someRows();
  beforeAll(async () => {
    await mongo
      .connection()
      .collection<RollupRow>('rollups')
      .insertMany([...rows]);
  });

  const buckets = [null, 'MINUTE', 'HOUR', 'DAY'] as const;
  it.each(PERFORMANCE_GROUPINGS.flatMap((groupBy) => buckets.map((bucket) => [groupBy, bucket] as const)))(
    'equals a naive recount by %s and %s',
    async (groupBy, bucket) => {
      const range = { from: START + 10 * 60_000, to: START + 250 * 60_000 };
      const summed = await new MongoRollupReader(mongo.connection()).sum({
        placementId: placementId('home-hero'),
        ...range,
        groupBy,
        bucket,
      });
      const found = new Map(summed.map(({ group, bucketStart, counters }) => [JSON.stringify([group, bucketStart]), counters]));
      expect(found).toEqual(recount(rows, range, groupBy, bucket));
    },
  );

  it('takes the range as half-open', async () => {
    const minute = rows.find((row) => row.placementId === 'home-hero')?.minute.getTime() ?? START;
    const at = (from: number, to: number) =>
      new MongoRollupReader(mongo.connection()).sum({ placementId: placementId('home-hero'), from, to, groupBy: 'BANNER', bucket: null });
    expect(await at(minute, minute + 1)).not.toEqual([]);
    const before = await at(minute - 60_000, minute);
    const expected = recount(rows, { from: minute - 60_000, to: minute }, 'BANNER', null);
    expect(before).toHaveLength(expected.size);
  });
});
