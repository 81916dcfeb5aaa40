import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@vitrine/kernel';
import { GRAPHQL_CODES } from './public-error';

const DOCUMENT = readFileSync(join(__dirname, '../../../../docs/errors.md'), 'utf8');
const rows = DOCUMENT.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

describe('docs/errors.md', () => {
  it('lists every code of the registry, and no other, as it behaves', () => {
    const documented = rows
      .filter((cells) => cells.length === 4)
      .map(([code, status, retryable, meaning]) => ({ code, status, retryable, meaning }));
    const registered = Object.entries(ERRORS).map(([code, { status, retryable, publicMessage }]) => ({
      code: `\`${code}\``,
      status: String(status),
      retryable: retryable ? 'yes' : 'no',
      meaning: publicMessage,
    }));
    expect(documented).toEqual(registered);
  });

  it('lists the codes that the GraphQL layer adds', () => {
    const documented = rows.filter((cells) => cells.length === 2).map(([code, meaning]) => [code, meaning]);
    expect(documented).toEqual(Object.entries(GRAPHQL_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]));
  });
});
