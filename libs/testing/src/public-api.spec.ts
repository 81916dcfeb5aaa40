import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../../..');
const STORED = join(ROOT, 'docs/public-api.txt');

/** Names that a library exports, sorted; an index that does anything but name each one is refused. */
function exportedNames(library: string): readonly string[] {
  const path = join(ROOT, 'libs', library, 'src/index.ts');
  const { statements } = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => namesOf(statement, library)).toSorted();
}

function namesOf(statement: ts.Statement, library: string): readonly string[] {
  if (ts.isImportDeclaration(statement) && statement.importClause === undefined) return []; // for its effect alone
  const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
  if (clause === undefined || !ts.isNamedExports(clause)) throw new RangeError(`${library}/src/index.ts must name every export`);
  return clause.elements.map(({ name }) => name.text);
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
