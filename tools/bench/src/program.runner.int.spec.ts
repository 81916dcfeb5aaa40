import { reasonOf, runProgram } from './program.runner';

const node = (script: string, options: Partial<Parameters<typeof runProgram>[2]> = {}) =>
  runProgram(process.execPath, ['-e', script], { timeoutMs: 30_000, ...options });
/** Ends well by itself after 20 seconds, so that whoever waits for it instead of ending it is found out and nothing stays behind. */
const LONG = 'process.stdout.write("up\\n"); setTimeout(() => {}, 20_000)';

describe('runProgram', () => {
  it('gives what the program printed and its exit code', async () => {
    expect(await node('console.log("out"); console.error("bad"); process.exitCode = 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'bad\n',
    });
  });

  it('hands on each finished line while the program runs', async () => {
    const lines: string[] = [];
    await node('process.stdout.write("o"); process.stdout.write("ne\\ntwo\\n")', { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['one', 'two']);
  });

  it('reports a program that is not there instead of failing', async () => {
    const done = await runProgram('/no/such/program', [], { timeoutMs: 1000 });
    expect([done.code, reasonOf(done)]).toEqual([null, expect.stringContaining('ENOENT')]);
  });

  it('leaves no timer ticking behind a program that is not there', async () => {
    const ticking = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = ticking();
    await runProgram('/no/such/program', [], { timeoutMs: 5000 });
    expect(ticking()).toBe(before);
  });

  it('ends a program that takes too long', async () => {
    expect(await node(LONG, { timeoutMs: 300 })).toMatchObject({ code: null });
  });

  it('ends the program when it is told to', async () => {
    const ending = new AbortController();
    const done = await node(LONG, { timeoutMs: 60_000, signal: ending.signal, onLine: () => ending.abort() });
    expect(done).toMatchObject({ code: null, stdout: 'up\n' });
  });
});

describe('reasonOf', () => {
  it('takes the last line, else the way it ended', () => {
    expect(reasonOf({ code: 1, stdout: '', stderr: 'Traceback\n  ValueError: no\n\n' })).toBe('ValueError: no');
    expect(reasonOf({ code: 4, stdout: '', stderr: '' })).toBe('it ended with exit code 4');
    expect(reasonOf({ code: null, stdout: '', stderr: ' ' })).toBe('it was ended before it was done');
  });
});
