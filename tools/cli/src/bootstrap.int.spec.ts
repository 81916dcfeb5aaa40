import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const BOOTSTRAP = resolve(__dirname, '../../bootstrap');

function evaluate(code: string): string {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout;
}
const importOf = (name: string): string => JSON.stringify(pathToFileURL(join(BOOTSTRAP, name)).href);

describe('the bootstrap', () => {
  it.each([
    ['v18.20.4', true],
    ['v20.18.3', true],
    ['v20.19.0', false],
    ['v24.1.0', false],
  ])('judges Node %s', (version, faulty) => {
    const fault = evaluate(
      `import { nodeVersionFault } from ${importOf('node-version.mjs')}; process.stdout.write(String(nodeVersionFault('${version}')));`,
    );
    expect(fault).toEqual(faulty ? expect.stringContaining('needs Node 20.19') : 'null');
  });

  describe('running a program in its place', () => {
    let dir = '';
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), 'vitrine-bootstrap-'));
    });
    afterEach(() => rmSync(dir, { recursive: true, force: true }));

    function codeOf(program: string, kill = ''): string {
      const script = join(dir, 'program.cjs');
      writeFileSync(script, program);
      return evaluate(`
        import { runInOurPlace } from ${importOf('child.mjs')};
        ${kill}
        const code = await runInOurPlace(process.execPath, [${JSON.stringify(script)}], { cwd: ${JSON.stringify(dir)}, channel: true });
        process.stdout.write(String(code));`);
    }

    it('hands on the exit code', () => {
      expect(codeOf('process.exit(3)')).toBe('3');
    });

    it('hands on how a signal ended it', () => {
      expect(codeOf(`process.kill(process.pid, 'SIGKILL')`)).toBe('137');
    });

    it('forwards signals', () => {
      const note = join(dir, 'note');
      const program = `process.on('SIGTERM', () => { require('fs').writeFileSync(${JSON.stringify(note)}, 'heard'); process.exit(0); }); process.kill(process.ppid, 'SIGTERM'); setInterval(() => {}, 1e6);`;
      expect(codeOf(program)).toBe('0');
      expect(readFileSync(note, 'utf8')).toBe('heard');
    });
  });
});
