import { splitOf } from './row-split';
import { extractedRows, progressOf } from './training-run';

const part = { attempt: 'a', train: 7, tune: 2, test: 1, dropped: 3 };
const assigned = (done: boolean) => ({ after: 'p', done, counts: {} });

describe('progressOf', () => {
  it('grows with every partition and step up to 1', () => {
    const stages = [
      { step: 'EXTRACT' as const, partitions: 2, extracted: {}, assigned: {} },
      { step: 'EXTRACT' as const, partitions: 2, extracted: { 0: part }, assigned: {} },
      ...(['FIT', 'VALIDATE', 'PUBLISH', 'ASSIGN'] as const).map((step) => ({
        step,
        partitions: 2,
        extracted: { 0: part, 1: part },
        assigned: {},
      })),
      { step: 'ASSIGN' as const, partitions: 2, extracted: { 0: part, 1: part }, assigned: { 0: assigned(true), 1: assigned(false) } },
      { step: 'DONE' as const, partitions: 2, extracted: {}, assigned: {} },
    ].map(progressOf);
    expect(stages.toSorted((a, b) => a - b)).toEqual(stages);
    expect(new Set(stages).size).toBe(stages.length);
    expect([stages.at(0), stages.at(-1)]).toEqual([0, 1]);
  });
});

it('adds the rows of all partitions', () => {
  expect(extractedRows({ 0: part, 1: part })).toEqual({ train: 14, tune: 4, test: 2, dropped: 6 });
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
