import { splitOf } from './row-split';
import { anExtraction, aTrainingRun, aTrialScore, quickSettings } from '../testing/segment.fixture';
import { DEFAULT_TRAINING_SETTINGS, extractedRows, progressOf, responseRows, trainingSettings } from './training-run';

const part = anExtraction();
const assigned = (done: boolean) => ({ after: 'p', done, counts: {} });

describe('progressOf', () => {
  it('grows with every partition and step up to 1', () => {
    const extracted = { 0: part, 1: part };
    const settings = quickSettings(); // rungs of 4 and 2 configurations
    const scores = (...numbers: number[]) => Object.fromEntries(numbers.map((number) => [number, aTrialScore()]));
    const trials = { 0: scores(0, 1, 2, 3), 1: scores(1, 3) };
    const stages = [
      { step: 'EXTRACT' as const },
      { step: 'EXTRACT' as const, extracted: { 0: part } },
      { step: 'SEARCH' as const, extracted },
      { step: 'SEARCH' as const, extracted, trials: { 0: scores(2) } },
      { step: 'SEARCH' as const, extracted, trials: { 0: trials[0], 1: scores(3) } },
      ...(['FIT', 'VALIDATE', 'PUBLISH', 'ASSIGN'] as const).map((step) => ({ step, extracted, trials })),
      { step: 'ASSIGN' as const, extracted, trials, assigned: { 0: assigned(true), 1: assigned(false) } },
      { step: 'DONE' as const },
    ].map((over) => progressOf(aTrainingRun({ settings, ...over })));
    expect(stages.toSorted((a, b) => a - b)).toEqual(stages);
    expect(new Set(stages).size).toBe(stages.length);
    expect([stages.at(0), stages.at(-1)]).toEqual([0, 1]);
  });
});

it('adds the rows of all partitions', () => {
  expect(extractedRows({ 0: part, 1: part })).toEqual({ train: 14, tune: 4, test: 2, dropped: 6 });
  expect(responseRows({ 0: part, 1: part }, 'TRAIN')).toBe(8);
});

it('takes from a deployment what a deployment may set, and leaves the rest', () => {
  const config = { SEGMENT_MIN_ROWS: 900, SEGMENT_RESPONSE_DAYS: 3, SEGMENT_CONFIGURATIONS: 12, SEGMENT_MIN_SHARE: 0.07 };
  const { search, gate, ...rest } = trainingSettings(config);
  expect(rest).toMatchObject({ minRows: 900, responseDays: 3, restarts: DEFAULT_TRAINING_SETTINGS.restarts });
  expect(search).toEqual({ ...DEFAULT_TRAINING_SETTINGS.search, configurations: 12 });
  expect(gate).toEqual({ ...DEFAULT_TRAINING_SETTINGS.gate, minShare: 0.07 });
});

describe('splitOf', () => {
  it('splits 70 : 15 : 15 within 4 standard errors, the same way for the same seed and another for another', () => {
    const ids = Array.from({ length: 20_000 }, (_, at) => `profile-${at}`);
    const count = (split: string) => ids.filter((id) => splitOf(id, 3) === split).length;
    expect(Math.abs(count('TRAIN') - 14_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.7 * 0.3));
    expect(Math.abs(count('TUNE') - 3_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.15 * 0.85));
    expect(count('TRAIN') + count('TUNE') + count('TEST')).toBe(20_000);
    expect(ids.some((id) => splitOf(id, 3) !== splitOf(id, 4))).toBe(true);
  });
});
