import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelledFile, readLabelled } from './labelled-csv';

describe('a labelled CSV', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-labelled-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function read(content: string) {
    const file = join(folder, 'data.csv');
    writeFileSync(file, content);
    const { contexts, labels, arms, dimension } = await readLabelled(file);
    return { contexts: contexts.map((context) => [...context]), labels: [...labels], arms, dimension };
  }

  it('is features in the order of the file behind a constant, wherever the label stands', async () => {
    expect(await read('f1,label,f0\n0.5,b,-2\n1e2,a,.25\n')).toEqual({
      contexts: [
        [1, 0.5, -2],
        [1, 100, 0.25],
      ],
      labels: [1, 0],
      arms: 2,
      dimension: 3,
    });
  });

  it('has labels in the order of numbers when all are, otherwise of texts', async () => {
    expect((await read('f0,label\n1,10\n1,9\n1,9.0\n1,-1\n')).labels).toEqual([2, 1, 1, 0]);
    expect((await read('f0,label\n1,10\n1,9\n1,x\n')).labels).toEqual([0, 1, 2]);
  });

  it('is a shipped one by its short name', () => {
    expect(labelledFile('/top', 'digits')).toBe('/top/data/labelled/digits.csv.gz');
    expect(labelledFile('/top', '/there/digits.csv')).toBe('/there/digits.csv');
  });
});
