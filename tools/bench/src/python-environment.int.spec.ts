import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainError } from '@vitrine/kernel';
import { ensurePythonEnvironment } from './python-environment';
import { fakePython, type FakePython } from './testing/fake-python';

describe('ensurePythonEnvironment', () => {
  let dataDir: string;
  let said: string[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
    said = [];
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const ensure = ({ run }: FakePython, folder = dataDir): Promise<string> =>
    ensurePythonEnvironment({ dataDir: folder, run, say: (line) => said.push(line) });
  const failureOf = (python: FakePython, folder = dataDir): Promise<Pick<DomainError, 'code' | 'message'>> =>
    ensure(python, folder).then(
      () => ({ code: 'INTERNAL', message: 'it did not fail' }),
      (error: DomainError) => error,
    );

  it('makes the environment once, and leaves nothing else behind', async () => {
    const python = fakePython();
    expect(await ensure(python)).toBe(join(dataDir, 'bench-venv', 'bin', 'python'));
    expect(python.steps).toEqual(['version', 'venv', 'pip', 'import']);
    expect(await ensure(python)).toBe(join(dataDir, 'bench-venv', 'bin', 'python'));
    expect(python.steps).toHaveLength(4);
    expect(readdirSync(dataDir)).toEqual(['bench-venv']);
  });

  it('tells what it is doing, without every line of pip', async () => {
    await ensure(fakePython());
    expect(said).toEqual([expect.stringContaining('Making a Python environment'), 'pip: Collecting vowpalwabbit==9.11.9']);
  });

  it.each([
    ['its pins are others', (home: string) => writeFileSync(join(home, 'vitrine-pins.json'), '["mabwiser==1.0"]')],
    ['it was never finished', (home: string) => rmSync(join(home, 'vitrine-pins.json'))],
    ['its Python is gone', (home: string) => rmSync(join(home, 'bin', 'python'))],
  ])('makes it anew when %s', async (_, spoil) => {
    await ensure(fakePython());
    spoil(join(dataDir, 'bench-venv'));
    const again = fakePython();
    await ensure(again);
    expect(again.steps).toContain('pip');
    expect(existsSync(join(dataDir, 'bench-venv', 'bin', 'python'))).toBe(true);
    expect(readdirSync(dataDir)).toEqual(['bench-venv']);
  });

  it.each([
    ['there is no Python', { version: { code: null, stderr: 'spawn python3 ENOENT' } }, 'spawn python3 ENOENT'],
    ['Python is too old', { version: { stdout: '3.10\n' } }, '"python3" is 3.10'],
    ['Python has an unknown age', { version: { stdout: 'hello' } }, 'is needed'],
    ['venv is not installed', { venv: { code: 1, stderr: 'ensurepip is not available' } }, 'python3-venv'],
    [
      'the index is out of reach',
      { pip: { code: 1, stderr: 'warning\nERROR: No matching distribution' } },
      'ERROR: No matching distribution',
    ],
    ['what was installed does not load', { import: { code: 1, stderr: 'ImportError: libz' } }, 'ImportError: libz'],
  ])('says so with a code, and leaves nothing behind, when %s', async (_, answers, reason) => {
    const { code, message } = await failureOf(fakePython(answers));
    expect([code, message]).toEqual(['DEPENDENCY_UNAVAILABLE', expect.stringContaining(reason)]);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('keeps the old environment when its successor cannot be made', async () => {
    await ensure(fakePython());
    const stamp = join(dataDir, 'bench-venv', 'vitrine-pins.json');
    writeFileSync(stamp, '[]');
    await failureOf(fakePython({ pip: { code: 1 } }));
    expect(existsSync(stamp)).toBe(true);
  });

  it('says so when the folder cannot be written', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    expect(await failureOf(fakePython(), join(file, 'data'))).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it('keeps the environment that somebody else finished meanwhile', async () => {
    const mark = join(dataDir, 'bench-venv', 'theirs');
    const mine = fakePython();
    const run: FakePython['run'] = async (program, args, options) => {
      const done = await mine.run(program, args, options);
      if (mine.steps.at(-1) === 'import') {
        await ensure(fakePython());
        writeFileSync(mark, '');
      }
      return done;
    };
    await ensure({ ...mine, run });
    expect(existsSync(mark)).toBe(true);
    expect(readdirSync(dataDir)).toEqual(['bench-venv']);
  });
});
