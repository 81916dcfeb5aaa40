import { bannerId, placementId, policyVersionId } from '@vitrine/kernel';
import { addToRollups, type RollupIncrement } from '@vitrine/feedback';
import { useMongo } from '@vitrine/testing';
import { MongoRollupReader } from './mongo-rollup.reader';

const MINUTE = Date.UTC(2026, 0, 5, 12);
const home = placementId('home-hero');

describe('what feedback counts', () => {
  const mongo = useMongo();

  it('is what performance reports, over all partitions', async () => {
    const increment = (partition: number, banner: string): RollupIncrement => ({
      key: {
        ...{ minute: MINUTE, placementId: home, bannerId: bannerId(banner), policyVersionId: policyVersionId(home, 1) },
        ...{ layer: 'EXPLOIT', segmentId: null, device: 'MOBILE', partition },
      },
      counters: { trials: 3, clickedTrials: 1, revenueMinor: 250 },
    });
    await addToRollups(mongo.connection(), [increment(0, 'b1'), increment(1, 'b1'), increment(1, 'b2')]);
    await addToRollups(mongo.connection(), [increment(1, 'b1')]);
    const query = { placementId: home, from: MINUTE, to: MINUTE + 1, groupBy: 'BANNER', bucket: 'HOUR' } as const;
    const sums = await new MongoRollupReader(mongo.connection()).sum(query);
    expect(sums.toSorted((a, b) => ((a.group ?? '') < (b.group ?? '') ? -1 : 1))).toMatchObject([
      { group: 'b1', bucketStart: MINUTE, counters: { trials: 9, clickedTrials: 3, revenueMinor: 750, bounces: 0 } },
      { group: 'b2', bucketStart: MINUTE, counters: { trials: 3, clickedTrials: 1, revenueMinor: 250, bounces: 0 } },
    ]);
  });
});
