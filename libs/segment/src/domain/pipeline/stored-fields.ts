import { DomainError } from '@vitrine/kernel';

/** @throws DomainError PIPELINE_MALFORMED, naming the place */
export function malformed(place: string, fault: string, cause?: unknown): DomainError {
  return new DomainError('PIPELINE_MALFORMED', `${place} of a feature pipeline ${fault}`, { details: { place }, cause });
}

type Read<T> = (value: unknown, place: string) => T;

function readNumber(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(place, 'is no finite number');
  return value;
}

function readText(value: unknown, place: string): string {
  if (typeof value !== 'string') throw malformed(place, 'is no text');
  return value;
}

const readNumberOrText: Read<number | string> = (value, place) => (typeof value === 'string' ? value : readNumber(value, place));

function readList<T>(value: unknown, place: string, read: Read<T>): readonly T[] {
  if (!Array.isArray(value)) throw malformed(place, 'is no list');
  return value.map((item: unknown, at) => read(item, `${place}[${at}]`));
}

/** The fields of an object that was stored as JSON, each checked as it is read. Everything throws PIPELINE_MALFORMED, naming the place. */
export class StoredFields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    readonly place: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(place, 'is no object');
    this.#fields = value as Readonly<Record<string, unknown>>; // any object can be read by names that it may lack
  }

  number(name: string): number {
    return readNumber(this.#fields[name], this.#at(name));
  }

  text(name: string): string {
    return readText(this.#fields[name], this.#at(name));
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const found = allowed.find((word) => word === this.#fields[name]);
    if (found === undefined) throw malformed(this.#at(name), `is none of ${allowed.join(', ')}`);
    return found;
  }

  texts(name: string): readonly string[] {
    return readList(this.#fields[name], this.#at(name), readText);
  }

  numbers(name: string): readonly number[] {
    return readList(this.#fields[name], this.#at(name), readNumber);
  }

  numbersOrTexts(name: string): readonly (number | string)[] {
    return readList(this.#fields[name], this.#at(name), readNumberOrText);
  }

  textLists(name: string): readonly (readonly string[])[] {
    return readList(this.#fields[name], this.#at(name), (value, place) => readList(value, place, readText));
  }

  numberLists(name: string): readonly (readonly number[])[] {
    return readList(this.#fields[name], this.#at(name), (value, place) => readList(value, place, readNumber));
  }

  objects(name: string): readonly StoredFields[] {
    return readList(this.#fields[name], this.#at(name), (value, place) => new StoredFields(value, place));
  }

  /** As long as another list of this object: one entry per column. */
  demandLength(name: string, length: number): void {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length !== length) throw malformed(this.#at(name), `has not ${length} entries`);
  }

  #at(name: string): string {
    return `${this.place}.${name}`;
  }
}
