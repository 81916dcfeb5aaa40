import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ImportFormat } from '../import-events';
import { shopperEvents, type ShopperEvent, type ShopperOptions } from './shopper-events';

export const CSV_HEADER = 'id,time,action,visitor,sku,category,price,path';
const FLUSH_CHARS = 256 * 1_024;
const SECOND_MS = 1_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type LineWriter = (event: ShopperEvent, seed: number) => string;

const WRITERS: Readonly<Record<ImportFormat, LineWriter>> = {
  ndjson: (event, seed) => {
    const { type, occurredAt, visitorId, productId, category, amountMinor, path } = event;
    const value = amountMinor === null ? null : { amountMinor, currency: 'EUR' };
    const fields = {
      eventId: idOf(event, seed),
      type,
      occurredAt: new Date(occurredAt).toISOString(),
      visitorId,
      productId,
      category,
      value,
    };
    return JSON.stringify({ ...fields, url: path });
  },
  csv: (event, seed) => {
    const { type, occurredAt, visitorId, productId, category, amountMinor, path } = event;
    const price = amountMinor === null ? '' : (amountMinor / 100).toFixed(2);
    return [idOf(event, seed), occurredAt, type.toLowerCase(), visitorId, productId ?? '', category ?? '', price, path].join(',');
  },
  combined: ({ number, occurredAt, visitorId, path, agent }) => {
    const address = `192.0.2.${number % 254}`;
    return `${address} - - [${logTime(occurredAt)}] "GET ${path} HTTP/1.1" 200 ${512 + (number % 4_096)} "-" "${agent}" "vid=${visitorId}"`;
  },
};

const idOf = ({ number }: ShopperEvent, seed: number): string => `generated-${seed}-${number}`;

function logTime(ms: number): string {
  const date = new Date(Math.floor(ms / SECOND_MS) * SECOND_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()] ?? ''}/${date.getUTCFullYear()}:${clock} +0000`;
}

/** Writes made-up events as a file that can be imported; waits whenever the stream is full. */
export async function writeEvents(out: Writable, format: ImportFormat, options: ShopperOptions): Promise<void> {
  const line = WRITERS[format];
  let text = format === 'csv' ? `${CSV_HEADER}\n` : '';
  for (const event of shopperEvents(options)) {
    text += `${line(event, options.seed)}\n`;
    if (text.length < FLUSH_CHARS) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  if (text !== '' && !out.write(text)) await once(out, 'drain');
}
