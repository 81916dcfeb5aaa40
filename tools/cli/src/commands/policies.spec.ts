import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { POLICIES } from '@vitrine/bandit';
import { runCli } from '../cli.fixture';
import { plotDescription } from '../policy-pages/regret-plot';
import { escapedXml } from '../policy-pages/svg-plot';
import { registerPolicies } from './policies';

const ROOT = resolve(__dirname, '../../../..');
const PAGES = join(ROOT, 'docs/policies');
const FOLDER = mkdtempSync(join(tmpdir(), 'vitrine-policies-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const policies = (args: readonly string[], signal?: AbortSignal) =>
  runCli([registerPolicies], ['policies', ...args], { root: ROOT, ...(signal === undefined ? {} : { signal }) });
const names = POLICIES.map(({ name }) => name);

describe('vitrine policies', () => {
  it('lists every policy with all that is known of it, as JSON', async () => {
    const { out } = await policies(['--json']);
    const { policies: listed } = JSON.parse(out) as { readonly policies: readonly Readonly<Record<string, unknown>>[] };
    expect(listed.map(({ name }) => name)).toEqual(names);
    const linUcb = listed.find(({ name }) => name === 'lin-ucb');
    expect(linUcb).toMatchObject({
      contextual: true,
      deterministic: true,
      family: 'linear',
      mergeable: true,
      unfoldable: true,
      pooled: false,
    });
    expect(linUcb).toMatchObject({ parameters: { alpha: { kind: 'number', default: 0.5, min: 0, max: 1000 } } });
    expect(linUcb?.['complexity']).toEqual(POLICIES.find(({ name }) => name === 'lin-ucb')?.complexity);
    expect(linUcb?.['paper']).toContain('WWW 2010');
  });

  it('lists them in a table, and one in full', async () => {
    const { out } = await policies([]);
    for (const name of names) expect(out).toContain(name);
    const page = (await policies(['discounted-thompson'])).out;
    expect(page).toMatch(/halfLifeMs: [^]*default 604800000 \(7 d\); whole, 1000 to 315360000000; in ms/);
    expect((await policies(['uniform'])).out).toMatch(/parameters:\n {2}none/);
    expect(JSON.parse((await policies(['uniform', '--json'])).out)).toMatchObject({ name: 'uniform', parameters: {} });
  });

  it('refuses a policy that there is not', async () => {
    expect(await policies(['nonsense'])).toMatchObject({
      code: 1,
      talk: expect.stringMatching(/^UNKNOWN_POLICY: no policy is named nonsense/),
    });
  });
});

describe('the pages of the policies', () => {
  it('are up to date in the repository, one for each: "vitrine policies pages" mends what is generated', async () => {
    const run = await policies(['pages', '--check', '--json']);
    expect([run.code, run.talk]).toEqual([0, '']);
    expect(JSON.parse(run.out)).toEqual({ pages: POLICIES.length + 1, stale: [] });
    expect(run.failed).toBe(false);
  });

  it('are of policies that there are, each with a plot that was drawn in its world and with its defaults', () => {
    const others = ['README.md', 'choosing.md'];
    const pages = readdirSync(PAGES).filter((file) => file.endsWith('.md') && !others.includes(file));
    expect(pages.toSorted()).toEqual(names.map((name) => `${name}.md`).toSorted());
    const plots = readdirSync(join(PAGES, 'plots'));
    expect(plots.toSorted()).toEqual(names.map((name) => `${name}.svg`).toSorted());
    for (const name of names) {
      const plot = readFileSync(join(PAGES, 'plots', `${name}.svg`), 'utf8');
      expect([name, plot.includes(`<desc>${escapedXml(plotDescription(name))}</desc>`)]).toEqual([name, true]);
    }
  });

  it.each(names)('say when to take %s and when not, what it assumes and its formula', (name) => {
    const page = readFileSync(join(PAGES, `${name}.md`), 'utf8');
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings.slice(0, 6)).toEqual(['In short', 'What it assumes', 'When to take it', 'When not', 'Formula', 'Parameters']);
    expect(headings.at(-1)).toBe('Regret');
    expect(page.startsWith(`# ${name}\n`)).toBe(true);
  });

  it('names every policy in the page that helps to choose', () => {
    const page = readFileSync(join(PAGES, 'choosing.md'), 'utf8');
    expect(names.filter((name) => !page.includes(`(${name}.md)`))).toEqual([]);
  });

  it('are written anew where they are stale, and named with --check', async () => {
    const copy = join(FOLDER, 'pages');
    cpSync(PAGES, copy, { recursive: true });
    await policies(['pages', '--out', copy]);
    const path = join(copy, 'lin-ucb.md');
    const current = readFileSync(path, 'utf8');
    writeFileSync(path, current.replace('| `alpha`', '| `beta`'));
    const check = await policies(['pages', '--check', '--json', '--out', copy]);
    expect([JSON.parse(check.out), check.failed]).toEqual([{ pages: POLICIES.length + 1, stale: ['lin-ucb.md'] }, true]);
    expect((await policies(['pages', '--out', copy])).out).toBe('written: lin-ucb.md\n');
    expect(readFileSync(path, 'utf8')).toBe(current);
    expect((await policies(['pages', '--check', '--out', copy])).out).toBe('every page is up to date\n');
  });

  it('are missed when they are not there, and refused without a place for what is generated', async () => {
    const copy = join(FOLDER, 'broken');
    cpSync(PAGES, copy, { recursive: true });
    writeFileSync(join(copy, 'uniform.md'), '# uniform\n');
    expect((await policies(['pages', '--out', copy])).talk).toMatch(/^CONFIG_INVALID: uniform.md needs exactly one place/);
    rmSync(join(copy, 'uniform.md'));
    expect((await policies(['pages', '--out', copy])).talk).toMatch(/^NOT_FOUND: .* has no uniform.md/);
  });
});

describe('vitrine policies plot', () => {
  it('draws the policy against uniform choice and the one to beat, and repeats to the byte', async () => {
    const [first, again] = [join(FOLDER, 'a'), join(FOLDER, 'b')];
    for (const out of [first, again]) {
      const { code } = await policies(['plot', '--only', 'epsilon-greedy,uniform', '--runs', '1', '--out', out]);
      expect(code).toBe(0);
    }
    const svg = readFileSync(join(first, 'epsilon-greedy.svg'), 'utf8');
    expect(svg).toBe(readFileSync(join(again, 'epsilon-greedy.svg'), 'utf8'));
    expect([...svg.matchAll(/>([a-z-]+): \d+</g)].map(([, name]) => name)).toEqual(['epsilon-greedy', 'beta-thompson', 'uniform']);
    // Uniform choice among rates of 2 to 20 % loses 0.09 a round.
    expect(svg).toMatch(/>uniform: (8[5-9]\d|9[0-4]\d)</);
    expect(readFileSync(join(first, 'uniform.svg'), 'utf8')).toMatch(/beta-thompson/);
  }, 60_000);

  it('refuses an unknown policy and a wrong number of runs, and stops when told to', async () => {
    expect((await policies(['plot', '--only', 'nonsense'])).talk).toMatch(/^UNKNOWN_POLICY/);
    expect((await policies(['plot', '--runs', '0'])).code).toBe(2);
    const stopped = await policies(['plot', '--only', 'uniform', '--runs', '1', '--out', join(FOLDER, 'c')], AbortSignal.abort());
    expect(stopped.talk).toMatch(/^SHUTTING_DOWN: stopped after 0 of 1 plots/);
  });
});
