import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainError } from '@vitrine/kernel';
import { compareLearners, type CompareLearnersRequest } from './compare-learners';
import type { ProgramRun } from './program.runner';
import { aMeasurement } from './testing/a-measurement';
import { fakePython } from './testing/fake-python';

const printing = (measurement: object): Partial<ProgramRun> => ({ stdout: JSON.stringify(measurement) });
const ANSWERS = {
  vowpalwabbit: printing(aMeasurement({ microsecondsPerRound: 20 })),
  mabwiser: printing(aMeasurement({ library: 'mabwiser', microsecondsPerRound: 900 })),
};

describe('compareLearners', () => {
  let dataDir: string;
  let dataFile: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
    dataFile = join(dataDir, 'set.csv');
    writeFileSync(dataFile, 'f0,label\n1,0\n');
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const compare = (parts: Partial<CompareLearnersRequest>, python = fakePython(ANSWERS)) =>
    compareLearners(
      { dataFile, seed: 3, epochs: 3, ours: () => [{ policy: 'linucb', microsecondsPerRound: 5, meanReward: 0.9 }], ...parts },
      { root: '/checkout', dataDir, say: () => undefined, run: python.run },
    );
  const failureOf = (
    parts: Partial<CompareLearnersRequest>,
    python = fakePython(ANSWERS),
  ): Promise<Pick<DomainError, 'code' | 'message'>> =>
    compare(parts, python).then(
      () => ({ code: 'INTERNAL', message: 'it did not fail' }),
      (error: DomainError) => error,
    );

  it('plays ours and each library in turn, as often as asked', async () => {
    const python = fakePython(ANSWERS);
    const ours = () => {
      python.steps.push('ours');
      return [{ policy: 'linucb', microsecondsPerRound: 5, meanReward: 0.9 }];
    };
    const rows = await compare({ repeats: 2, ours }, python);
    expect(python.steps.slice(4)).toEqual(['ours', 'vowpalwabbit', 'mabwiser', 'ours', 'vowpalwabbit', 'mabwiser']);
    expect(rows.map(({ library, ratio, repeats }) => [library, ratio, repeats])).toEqual([
      ['vowpalwabbit', 4, 2],
      ['mabwiser', 180, 2],
    ]);
  });

  it('gives ours the very work that the libraries get', async () => {
    const works: object[] = [];
    const ours: CompareLearnersRequest['ours'] = (work) => {
      works.push(work);
      return [{ policy: 'linucb', microsecondsPerRound: 5, meanReward: 0.9 }];
    };
    await compare({ ours, rounds: 30, repeats: 1 });
    expect(works).toEqual([{ dataFile, seed: 3, epochs: 3, rounds: 30 }]);
  });

  it('refuses to compare streams of different order', async () => {
    const python = fakePython({ ...ANSWERS, mabwiser: printing(aMeasurement({ library: 'mabwiser', orderSha256: '0'.repeat(64) })) });
    expect(await failureOf({}, python)).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('mabwiser was given another order'),
    });
  });

  it.each([
    ['seed', { seed: -1 }],
    ['seed', { seed: 0.5 }],
    ['epochs', { epochs: 0 }],
    ['rounds', { rounds: 0 }],
    ['repeats', { repeats: 0 }],
  ])('names %s when it is out of range, before anything is installed', async (field, parts) => {
    const python = fakePython(ANSWERS);
    expect(await failureOf(parts, python)).toMatchObject({ code: 'BAD_USER_INPUT', details: { field } });
    expect(python.steps).toEqual([]);
  });

  it('says that the file is missing', async () => {
    expect(await failureOf({ dataFile: join(dataDir, 'none.csv') })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
