import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBlocks } from '../policy-pages/generated-blocks';
import { featureTables } from './feature-page';

describe('docs/features.md', () => {
  it('says what the catalogue says; `vitrine features page` brings it up to date', () => {
    const text = readFileSync(join(__dirname, '../../../../docs/features.md'), 'utf8');
    expect(withBlocks(text, { catalogue: featureTables() }, 'features.md')).toBe(text);
  });
});
