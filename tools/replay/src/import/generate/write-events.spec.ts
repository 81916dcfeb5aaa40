import { Writable } from 'node:stream';
import { combinedLogFormat } from '../combined-log.format';
import { csvFormat } from '../csv.format';
import { csvMapping } from '../csv-mapping';
import type { EventFormat } from '../event-format';
import { openInput, type InputFile } from '../input-file';
import type { ImportFormat } from '../import-events';
import { logMapping } from '../log-mapping';
import { ndjsonFormat } from '../ndjson.format';
import { readMapping } from '../read-mapping';
import { readingsOf, useFolder } from '../testing.fixture';
import { writeEvents } from './write-events';

const OPTIONS = { events: 5_000, seed: 3, from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 8) };
const GUIDE = 'docs/guides/importing';

async function written(format: ImportFormat, seed = OPTIONS.seed): Promise<string> {
  let text = '';
  const out = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  await writeEvents(out, format, { ...OPTIONS, seed });
  return text;
}

describe('made-up events', () => {
  const folder = useFolder();
  const readers: Readonly<Record<ImportFormat, (input: InputFile) => Promise<EventFormat>>> = {
    ndjson: async (input) => ndjsonFormat(input),
    csv: async (input) => csvFormat(input, await readMapping(`${GUIDE}/shop-csv.json`, csvMapping)),
    combined: async (input) => combinedLogFormat(input, await readMapping(`${GUIDE}/shop-log.json`, logMapping)),
  };

  it.each(['ndjson', 'csv', 'combined'] as const)('are the same for the same seed, and importable as %s by the guide', async (format) => {
    const text = await written(format);
    expect(await written(format)).toBe(text);
    expect(await written(format, 4)).not.toBe(text);
    const input = await openInput(folder.write(`shop.${format}`, text));
    const readings = await readingsOf(await readers[format](input));
    expect(readings.filter(({ kind }) => kind === 'EVENT')).toHaveLength(OPTIONS.events);
    const types = new Set(readings.map((reading) => (reading.kind === 'EVENT' ? reading.fields['type'] : null)));
    expect([...types].toSorted()).toEqual(['ADD_TO_CART', 'PAGE_VIEW', 'PRODUCT_VIEW', 'PURCHASE', 'SEARCH']);
  });
});
