import { countingIds, FakeMemberships, FakeProfiles, frozenClock } from '../testing/in-memory-training.fixture';
import { MemoryModels, MemoryRuns } from '../testing/memory-repositories.fixture';
import { aSegmentModel, aTrainingRun } from '../testing/segment.fixture';
import { AssignPartition } from './assign-partition';

describe('AssignPartition', () => {
  it('stops behind the batch in which its run ended, for another run may be giving people other segments', async () => {
    const newId = countingIds('profile');
    const person = () => ({ profileId: newId(), profileVersion: 1, features: Float64Array.of(1), consent: ['PERSONALIZATION' as const] });
    const profiles = new FakeProfiles(Array.from({ length: 1_700 }, person));
    const runs = new MemoryRuns(aTrainingRun({ id: 'run', step: 'ASSIGN', partitions: 1 }));
    const memberships = new FakeMemberships();
    const ending = {
      assign: async (batch: Parameters<FakeMemberships['assign']>[0]) => {
        await memberships.assign(batch);
        if (memberships.told === 1_000) await runs.finish('run', { status: 'CANCELLED', step: 'ASSIGN', failure: null }, 1);
      },
    };
    const models = new MemoryModels(aSegmentModel());
    await new AssignPartition({ runs, models, profiles, memberships: ending, clock: frozenClock(1) }).execute('run', 0);
    expect(memberships.told).toBe(1_000);
    expect((await runs.get('run')).assigned[0]).toMatchObject({ done: false, counts: { 'seg-1': 500 } });
  });
});
