import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitSchema } from './emit-schema';

const SCHEMA_FILE = join(__dirname, '../../../../docs/schema.graphql');
const UPDATE = process.env['VITRINE_UPDATE_SCHEMA'] === '1';

describe('docs/schema.graphql', () => {
  it('is the schema that this code serves (VITRINE_UPDATE_SCHEMA=1 writes it anew)', () => {
    const schema = emitSchema();
    if (UPDATE) writeFileSync(SCHEMA_FILE, schema);
    expect(schema).toBe(readFileSync(SCHEMA_FILE, 'utf8'));
  });
});
