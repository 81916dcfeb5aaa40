import { runCli } from '../cli.fixture';
import { registerEvents } from './events';

const run = (...args: string[]) => runCli([registerEvents], ['events', ...args]);

describe('the events commands', () => {
  it('write made-up events to standard output, the same for the same seed and time', async () => {
    const args = ['generate', '--lines', '50', '--seed', '9', '--until', '2026-01-08T00:00:00Z'];
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toHaveLength(50);
    const times = events.map(({ occurredAt }) => occurredAt);
    expect(times).toEqual(times.toSorted());
    expect([times[0] >= '2026-01-01T00:00:00.000Z', times[49] < '2026-01-08T00:00:00.000Z']).toEqual([true, true]);
    expect((await run(...args)).out).toBe(out);
    expect((await run(...args.with(4, '10'))).out).not.toBe(out);
  });

  it.each([
    [['generate', '--format', 'xml']],
    [['generate', '--lines', '0']],
    [['generate', '--until', 'soon']],
    [['import']],
    [['import', 'a.ndjson', '--format', 'xml']],
  ])('refuse the wrong call %j', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '' });
  });

  it('say what the import takes', async () => {
    const { code, out } = await run('import', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--mapping[^]*--restart[^]*docs\/guides\/importing-events\.md/);
  });
});
