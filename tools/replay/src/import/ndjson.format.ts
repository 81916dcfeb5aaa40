import { malformed, leftOut, type EventFormat, type Reading } from './event-format';
import type { InputFile } from './input-file';
import { lineBundles, TOO_LONG } from './line-bundles';

/** The fields of an event, in the API's words. */
export const EVENT_FIELDS = [
  'eventId',
  'type',
  'occurredAt',
  'visitorId',
  'token',
  'productId',
  'category',
  'value',
  'dwellMs',
  'url',
  'properties',
] as const;
const KNOWN: ReadonlySet<string> = new Set(EVENT_FIELDS);

/** One `EventInput` as JSON per line. A last line without an end is taken when it is whole JSON. */
export function ndjsonFormat(input: InputFile): EventFormat {
  return {
    hasIds: true,
    records: () => lineBundles(input, { isWhole: (text) => text.trim() === '' || parse(text) !== undefined }),
    read: ({ content }) => readLine(content),
  };
}

function readLine(text: string): Reading {
  if (text.trim() === '') return leftOut('blank');
  if (text === TOO_LONG) return malformed('longer than a line may be');
  const value = parse(text);
  if (value === undefined) return malformed('not JSON');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('not a JSON object');
  const unknown = Object.keys(value).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) return malformed(`unknown field ${unknown.slice(0, 40)}`);
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return typeof fields['eventId'] === 'string' ? { kind: 'EVENT', fields } : malformed('no eventId');
}

/** @returns undefined for what is no JSON */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
