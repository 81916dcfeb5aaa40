import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '@vitrine/testing';
import { useLoop } from './harness/use-loop';

const LINES = 40_000;
const CLI = resolve(__dirname, '../../../dist/tools/cli/main.cjs');
const DRAINED_MS = 90_000;

describe('an import that is killed', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vitrine-import-e2e-'));
  const loop = useLoop(14, { VITRINE_DATA_DIR: dataDir });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const events = () => loop.mongo.connection().collection('events');

  /** Lines that have their answer, as far as the state file knows. */
  function progress(): number {
    const [name] = readdirSync(join(dataDir, 'imports')).filter((file) => file.endsWith('.json'));
    return name === undefined ? 0 : JSON.parse(readFileSync(join(dataDir, 'imports', name), 'utf8')).tally.lines;
  }

  it('goes on where it was: exact counts, and every event stored once', async () => {
    const file = join(dataDir, 'events.ndjson');
    execFileSync(process.execPath, [CLI, 'events', 'generate', '--lines', String(LINES), '--seed', '5', '--out', file], {
      stdio: 'ignore',
    });
    const args = ['events', 'import', file, '--url', loop.api().url, '--json'];
    const worker = await loop.processes().start('worker');
    for (const atLine of [5_000, 15_000]) {
      const doomed = await loop.processes().start('cli', { args, detached: true });
      await eventually(() => progressOrNone(progress) >= atLine, {
        what: `${atLine} lines to be answered`,
        deadlineMs: 30_000,
      });
      expect(await doomed.stop('SIGKILL')).toBe('SIGKILL');
    }
    const { code, output } = await loop.processes().run(args);
    const outcome = JSON.parse(output.slice(output.indexOf('{')));
    expect([code, outcome]).toMatchObject([0, { lines: LINES, accepted: LINES, duplicate: 0, refusedCount: 0 }]);
    expect(outcome.resumedAt).toBeGreaterThanOrEqual(15_000);
    await eventually(async () => (await events().countDocuments()) >= LINES, { what: 'every event', deadlineMs: DRAINED_MS });
    expect(await worker.stop()).toBe(0); // it has finished what it had begun: nothing is added later
    expect(await events().countDocuments()).toBe(LINES);
    expect(await events().countDocuments({ _id: { $regex: '^generated-5-' } } as object)).toBe(LINES);
    expect(await loop.mongo.connection().collection('quarantine').countDocuments()).toBe(0);
  }, 240_000);
});

/** The state may be between two files, or not yet there. */
function progressOrNone(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}
