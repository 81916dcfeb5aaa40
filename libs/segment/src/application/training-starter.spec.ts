import { fakeClock } from '@vitrine/testing';
import { countingIds, RecordedQueue } from '../testing/in-memory-training.fixture';
import { MemoryModels, MemoryRuns } from '../testing/memory-repositories.fixture';
import { aTrainingRun } from '../testing/segment.fixture';
import { TrainingStarter } from './training-starter';

function build(updatedAt: number) {
  const clock = fakeClock(1_000);
  const runs = new MemoryRuns(aTrainingRun({ id: 'run-0', status: 'RUNNING', updatedAt }));
  const starter = new TrainingStarter({
    ...{ runs, models: new MemoryModels(), queue: new RecordedQueue(), clock, newId: countingIds('run') },
    ...{ featureNames: ['x'], partitions: 2, codeVersion: 'test', abandonAfterMs: 500 },
  });
  return { runs, starter };
}

describe('TrainingStarter.giveUpSilent', () => {
  it('ends a run that showed no sign of life for so long, whose queue must be lost', async () => {
    const { runs, starter } = build(500);
    expect(await starter.giveUpSilent()).toBe('run-0');
    expect(await runs.get('run-0')).toMatchObject({ status: 'FAILED' });
    expect(await starter.giveUpSilent()).toBeNull();
  });

  it('leaves one alone that is alive', async () => {
    const { runs, starter } = build(501);
    expect(await starter.giveUpSilent()).toBeNull();
    expect(await runs.get('run-0')).toMatchObject({ status: 'RUNNING' });
  });
});
