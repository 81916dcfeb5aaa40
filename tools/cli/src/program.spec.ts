import { DomainError } from '@vitrine/kernel';
import type { CliContext } from './cli-context';
import { createProgram, runProgram, type CommandModule } from './program';

function contextOf(): { readonly context: CliContext; readonly out: string[]; readonly talk: string[] } {
  const [out, talk]: [string[], string[]] = [[], []];
  const context: CliContext = {
    env: {},
    root: '/nowhere',
    dataDir: '/nowhere/.data',
    signal: new AbortController().signal,
    say: (line) => void talk.push(line),
    write: (text) => void out.push(text),
    fail: () => undefined,
  };
  return { context, out, talk };
}

const command =
  (action: () => void | Promise<void>): CommandModule =>
  (program) => {
    program.command('do').option('--json').action(action);
  };

describe('the frame of the command line', () => {
  async function run(args: readonly string[], action: () => void | Promise<void> = () => undefined) {
    const { context, out, talk } = contextOf();
    const code = await runProgram(createProgram([command(action)], context), args, context);
    return { code, out: out.join(''), talk: talk.join('\n') };
  }

  it('exits with 0 when a command succeeds, and says nothing by itself', async () => {
    expect(await run(['do'])).toEqual({ code: 0, out: '', talk: '' });
  });

  it('prints help on standard output and exits with 0', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Usage: vitrine'), talk: '' });
  });

  it.each([[['nonsense']], [['do', '--nonsense']]])('exits with 2 on the wrong call %j, and points to the help', async (args) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', talk: expect.stringContaining('--help') });
  });

  it('tells a failure with its code on standard error and exits with 1', async () => {
    const failing = () => Promise.reject(new DomainError('NOT_FOUND', 'no such thing'));
    expect(await run(['do'], failing)).toEqual({ code: 1, out: '', talk: 'NOT_FOUND: no such thing' });
  });

  it('gives a failure as JSON to a machine', async () => {
    const failing = () => Promise.reject(new DomainError('NOT_FOUND', 'no such thing'));
    const { code, out } = await run(['do', '--json'], failing);
    expect([code, JSON.parse(out)]).toEqual([1, { error: { code: 'NOT_FOUND', message: 'no such thing' } }]);
  });

  it('gives an unknown failure the code INTERNAL and shows where it came from', async () => {
    const { code, talk } = await run(['do'], () => Promise.reject(new RangeError('odd')));
    expect(code).toBe(1);
    expect(talk).toMatch(/INTERNAL: odd[^]*RangeError: odd/);
  });
});
