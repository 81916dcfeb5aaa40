import type { DomainError } from '@vitrine/kernel';
import type { ProgramRun } from './program.runner';
import { parseMeasurement, playInPython, type LearnerWork } from './python-learner';
import { aMeasurement } from './testing/a-measurement';

describe('parseMeasurement', () => {
  it('reads what the script prints', () => {
    expect(parseMeasurement(`${JSON.stringify(aMeasurement({}))}\n`)).toEqual({ ok: true, value: aMeasurement({}) });
  });

  it.each([
    ['warnings before the answer', 'UserWarning: ...\n{}', 'JSON'],
    ['another kind of value', '[]', 'the answer'],
    ['a reward above 1', JSON.stringify({ ...aMeasurement({}), meanReward: 1.5 }), 'meanReward'],
    ['a time of zero', JSON.stringify({ ...aMeasurement({}), microsecondsPerRound: 0 }), 'microsecondsPerRound'],
    ['a time that is text', JSON.stringify({ ...aMeasurement({}), microsecondsPerRound: '20' }), 'microsecondsPerRound'],
    ['a library nobody asked for', JSON.stringify({ ...aMeasurement({}), library: 'other' }), 'library'],
    ['a digest that is none', JSON.stringify({ ...aMeasurement({}), orderSha256: 'abc' }), 'orderSha256'],
  ])('refuses %s and names the place', (_, text, place) => {
    expect(parseMeasurement(text)).toEqual({ ok: false, error: expect.stringContaining(place) });
  });
});

describe('playInPython', () => {
  const work: LearnerWork = { dataFile: '/sets/digits.csv', seed: 3, epochs: 3 };
  const answering = (run: Partial<ProgramRun>, calls: (readonly string[])[] = []) => ({
    python: '/venv/bin/python',
    root: '/checkout',
    run: (program: string, args: readonly string[]) => {
      calls.push([program, ...args]);
      return Promise.resolve({ code: 0, stdout: JSON.stringify(aMeasurement({})), stderr: '', ...run });
    },
  });
  const failureOf = async (run: Partial<ProgramRun>): Promise<Pick<DomainError, 'code' | 'message'>> =>
    playInPython('vowpalwabbit', work, answering(run)).then(
      () => ({ code: 'INTERNAL', message: 'it did not fail' }),
      (error: DomainError) => error,
    );

  it('hands the work to the script', async () => {
    const calls: (readonly string[])[] = [];
    expect(await playInPython('vowpalwabbit', { ...work, rounds: 7 }, answering({}, calls))).toEqual(aMeasurement({}));
    const script = '/checkout/tools/bench/src/python/compare_learners.py';
    const words = ['--library', 'vowpalwabbit', '--data', '/sets/digits.csv', '--seed', '3', '--epochs', '3', '--rounds', '7'];
    expect(calls).toEqual([['/venv/bin/python', script, ...words]]);
  });

  it('lets the script find the length of the stream when no rounds are asked for', async () => {
    const calls: (readonly string[])[] = [];
    await playInPython('mabwiser', work, answering({}, calls));
    expect(calls[0]).not.toContain('--rounds');
  });

  it('blames the input when the script does, with its last words', async () => {
    const failure = await failureOf({ code: 2, stderr: 'a warning\nlabels must be whole numbers from 0\n' });
    expect(failure).toMatchObject({ code: 'BAD_USER_INPUT', message: 'labels must be whole numbers from 0' });
  });

  it.each([
    ['fails', { code: 1, stderr: 'Traceback\nMemoryError' }, 'MemoryError'],
    ['is killed', { code: null, stderr: '' }, 'ended before it was done'],
    ['says nothing', { code: 1, stderr: '' }, 'exit code 1'],
    ['prints something else', { stdout: 'done' }, 'JSON'],
  ])('says why when the script %s', async (_, run, reason) => {
    const { code, message } = await failureOf(run);
    expect([code, message]).toEqual(['DEPENDENCY_UNAVAILABLE', expect.stringContaining(reason)]);
  });
});
