import { EVENT_TYPES } from '@vitrine/feedback';
import { DomainError, err, ok, type Result } from '@vitrine/kernel';
import { textAt, type CellReader, type ColumnIndex } from './cell-reader';
import { dateReader } from './csv-date';
import type { CsvMapping, MoneySource, NumberSource, TextSource } from './csv-mapping';
import { leftOut, malformed, type Reading } from './event-format';

const UNMAPPED = 'unmapped';
const TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES);
const DECIMAL = /^[+-]?\d+(\.\d+)?$/;
const EXACT_TO = 1e-6;
const PLACEHOLDER = /\{([^{}]+)\}/g;

/** Turns rows into events as the mapping says. @throws DomainError IMPORT_MAPPING_INVALID */
export function rowReader({ fields }: CsvMapping, at: ColumnIndex): (cells: readonly string[]) => Reading {
  const readers = readersOf(fields, at);
  const properties = Object.entries(fields.properties ?? {}).map(
    ([name, source]) => [name, textReader(source, at, `fields.properties.${name}`)] as const,
  );
  return (cells) => {
    const event = readAll(readers, cells);
    if (!event.ok) return event.error === UNMAPPED ? leftOut('unmapped') : malformed(event.error);
    const more = readAll(properties, cells);
    if (!more.ok) return malformed(more.error);
    const isBare = Object.keys(more.value).length === 0;
    return { kind: 'EVENT', fields: isBare ? event.value : { ...event.value, properties: more.value } };
  };
}

type NamedReader = readonly [name: string, read: CellReader<unknown>];

function readersOf(fields: CsvMapping['fields'], at: ColumnIndex): readonly NamedReader[] {
  const { type, occurredAt, value, dwellMs, properties: _properties, ...texts } = fields;
  const readers: NamedReader[] = [
    ['type', typeReader(type, at)],
    ['occurredAt', dateReader(occurredAt, at)],
  ];
  for (const [name, source] of Object.entries(texts)) {
    if (source !== undefined) readers.push([name, name === 'eventId' ? idReader(source, at) : textReader(source, at, `fields.${name}`)]);
  }
  if (value !== undefined) readers.push(['value', moneyReader(value, at)]);
  if (dwellMs !== undefined) readers.push(['dwellMs', numberReader(dwellMs, at)]);
  return readers;
}

function readAll(readers: readonly NamedReader[], cells: readonly string[]): Result<Readonly<Record<string, unknown>>, string> {
  const values: Record<string, unknown> = {};
  for (const [name, read] of readers) {
    const result = read(cells);
    if (!result.ok) return result;
    if (result.value !== undefined) values[name] = result.value;
  }
  return ok(values);
}

export function textReader(source: TextSource, at: ColumnIndex, place: string): CellReader<string> {
  if ('constant' in source) return () => ok(source.constant);
  if ('template' in source) return templateReader(source.template, at, `${place}.template`);
  const { column, map } = source;
  const index = at(column, `${place}.column`);
  if (map === undefined) return (cells) => ok(textAt(cells, index));
  const table = new Map(Object.entries(map));
  return (cells) => {
    const text = textAt(cells, index);
    if (text === undefined) return ok(undefined);
    const mapped = table.get(text);
    return mapped === undefined ? err(`column ${column}: a value that the map does not name`) : ok(mapped ?? undefined);
  };
}

/** Nothing, when one of its columns is empty: half an id would be many people's. */
function templateReader(template: string, at: ColumnIndex, place: string): CellReader<string> {
  const parts = template.split(PLACEHOLDER).map((part, i) => (i % 2 === 0 ? part : at(part, place)));
  return (cells) => {
    const texts = parts.map((part) => (typeof part === 'number' ? textAt(cells, part) : part));
    return ok(texts.includes(undefined) ? undefined : texts.join(''));
  };
}

/** A value that the map turns into null is left out; any other must be a type. */
function typeReader(source: TextSource, at: ColumnIndex): CellReader<string> {
  checkTypes(source);
  const read = textReader(source, at, 'fields.type');
  const nothing = new Set('column' in source ? Object.entries(source.map ?? {}).flatMap(([text, to]) => (to === null ? [text] : [])) : []);
  const index = 'column' in source ? at(source.column, 'fields.type.column') : -1;
  return (cells) => {
    const type = read(cells);
    if (!type.ok) return type;
    if (type.value === undefined) return err(nothing.has(textAt(cells, index) ?? '') ? UNMAPPED : 'no type');
    return TYPES.has(type.value) ? type : err('a type of event that is unknown');
  };
}

function checkTypes(source: TextSource): void {
  const named = 'constant' in source ? [source.constant] : 'column' in source ? Object.values(source.map ?? {}) : [];
  const unknown = named.find((type) => type !== null && !TYPES.has(type));
  if (unknown === undefined) return;
  throw new DomainError('IMPORT_MAPPING_INVALID', `fields.type names ${String(unknown)}, which is no type of event`, {
    details: { place: 'fields.type' },
  });
}

function idReader(source: TextSource, at: ColumnIndex): CellReader<string> {
  const read = textReader(source, at, 'fields.eventId');
  return (cells) => {
    const id = read(cells);
    return id.ok && id.value === undefined ? err('no eventId') : id;
  };
}

function moneyReader({ column, scale, currency, decimal }: MoneySource, at: ColumnIndex): CellReader<unknown> {
  const index = at(column, 'fields.value.column');
  const readCurrency = textReader(currency, at, 'fields.value.currency');
  return (cells) => {
    const text = textAt(cells, index);
    if (text === undefined) return ok(undefined);
    const plain = decimal === ',' ? text.replace(',', '.') : text;
    const units = Number(plain) * scale;
    const amountMinor = Math.round(units);
    const isExact = DECIMAL.test(plain) && Math.abs(units - amountMinor) < EXACT_TO && Number.isSafeInteger(amountMinor);
    if (!isExact) return err(`column ${column}: no amount of whole minor units`);
    const unit = readCurrency(cells);
    if (!unit.ok) return unit;
    return unit.value === undefined ? err('an amount without a currency') : ok({ amountMinor, currency: unit.value });
  };
}

function numberReader({ column, factor }: NumberSource, at: ColumnIndex): CellReader<number> {
  const index = at(column, 'fields.dwellMs.column');
  return (cells) => {
    const text = textAt(cells, index);
    if (text === undefined) return ok(undefined);
    return DECIMAL.test(text) ? ok(Math.round(Number(text) * factor)) : err(`column ${column}: not a number`);
  };
}
