import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const STORED = join(ROOT, 'docs/public-api.txt');

/** Names that a library exports, sorted; an index that does not name each one is refused. */
function exportedNames(library: string): readonly string[] {
  const text = readFileSync(join(ROOT, 'libs', library, 'src/index.ts'), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  expect([library, /export\s+\*/.test(text)]).toEqual([library, false]);
  return [...text.matchAll(/export\s+(?:type\s+)?\{([^}]*)\}/g)]
    .flatMap((match) => (match[1] ?? '').split(','))
    .map((entry) =>
      entry
        .trim()
        .replace(/^type\s+/, '')
        .replace(/^.*\sas\s+/, ''),
    )
    .filter((name) => name !== '')
    .toSorted();
}

describe('the public API of the libraries', () => {
  it('is the one that was reviewed; VITRINE_UPDATE_API=1 writes a new one', () => {
    const libraries = readdirSync(join(ROOT, 'libs')).toSorted();
    const now = libraries
      .map(
        (library) =>
          `${library}\n${exportedNames(library)
            .map((name) => `  ${name}\n`)
            .join('')}`,
      )
      .join('\n');
    if (process.env['VITRINE_UPDATE_API'] === '1') writeFileSync(STORED, now);
    expect(now).toBe(readFileSync(STORED, 'utf8'));
  });
});
