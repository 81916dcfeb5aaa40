import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const KINDS = ['kernel', 'pure', 'infra', 'concept', 'app', 'tool', 'testing'];

interface Project {
  readonly name: string;
  readonly root: string;
  readonly tags: readonly string[];
}

const projects: readonly Project[] = ['libs', 'apps', 'tools'].flatMap((group) =>
  readdirSync(join(ROOT, group))
    .map((folder) => join(ROOT, group, folder))
    .filter((root) => existsSync(join(root, 'project.json')))
    .map((root) => {
      const { name, tags } = JSON.parse(readFileSync(join(root, 'project.json'), 'utf8')) as Omit<Project, 'root'>;
      return { name, root, tags };
    }),
);

const sources = (root: string): readonly string[] =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, 'src', file));

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(@vitrine\/[^']+)'/g)].map((match) => match[1] ?? '');

/** What each library may know, apart from kernel, its own specs' testing and (outside domain and application) platform. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  testing: [],
  platform: [],
  bandit: [],
  profile: ['bandit'],
  catalog: ['bandit'],
  segment: ['bandit', 'profile', 'catalog'],
  feedback: ['bandit', 'profile', 'catalog'],
  delivery: ['bandit', 'profile', 'catalog', 'segment', 'feedback'],
  insight: ['bandit', 'profile', 'catalog', 'segment', 'feedback'],
};

describe('the workspace', () => {
  it('gives every project exactly one known type tag and its scope', () => {
    for (const { name, tags } of projects) {
      const types = tags.filter((tag) => tag.startsWith('type:')).map((tag) => tag.slice('type:'.length));
      expect([name, types.length, types.every((type) => KINDS.includes(type)), tags.includes(`scope:${name}`)]).toEqual([
        name,
        1,
        true,
        true,
      ]);
    }
    expect(projects.length).toBeGreaterThan(12);
  });

  it('points imports from the outside in', () => {
    const wrong = projects
      .filter(({ root }) => root.includes('/libs/'))
      .flatMap(({ name, root }) =>
        sources(root).flatMap((file) =>
          importsOf(file)
            .map((specifier) => specifier.slice('@vitrine/'.length))
            .filter((target) => !allowed(name, target, file))
            .map((target) => `${file.slice(ROOT.length + 1)} imports ${target}`),
        ),
      );
    expect(wrong).toEqual([]);
  });

  it('reaches other libraries through their index alone', () => {
    const deep = projects.flatMap(({ root }) =>
      sources(root).flatMap((file) => importsOf(file).filter((name) => name.split('/').length > 2)),
    );
    expect(deep).toEqual([]);
  });
});

function allowed(library: string, target: string, file: string): boolean {
  if (target === 'kernel' || BELOW[library]?.includes(target) === true) return true;
  const test = /\.(spec|contract|bench|int-fixtures)\.ts$/.test(file) || file.includes('/testing/') || file.includes('fixture');
  if (target === 'testing') return test;
  return target === 'platform' && (test || !/\/src\/(domain|application)\//.test(file));
}
