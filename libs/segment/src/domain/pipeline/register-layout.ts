import { columnMisused, columnMissing } from './pipeline-errors';
import type { ColumnSpec } from './raw-table';
import type { ColumnChoice } from './step-types';

/** Code of a text that is missing. */
export const MISSING = -1;
/** Code of a text that training did not see. */
export const UNKNOWN = -2;

type Dictionary = Map<string, number>;

/**
 * Where a program keeps each column while it runs: one register per number, one per text. Fitting and compiling both go through the steps
 * with a layout of their own, so that both give a column the same place. Numeric columns leave in the order in which they came.
 */
export class RegisterLayout {
  readonly #numeric = new Map<string, number>();
  readonly #categorical = new Map<string, number>();
  readonly #dictionaries: Dictionary[] = [];
  #numbers = 0;

  /** Registers for numbers, those of dropped columns included. */
  get numberCount(): number {
    return this.#numbers;
  }

  get textCount(): number {
    return this.#categorical.size;
  }

  numericNames(): readonly string[] {
    return [...this.#numeric.keys()];
  }

  /** @returns its register @throws DomainError PIPELINE_SPEC_INVALID when the name is taken */
  addNumeric(name: string): number {
    this.#claim(name);
    this.#numeric.set(name, this.#numbers);
    return this.#numbers++;
  }

  addCategorical(name: string, categories: readonly string[]): number {
    this.#claim(name);
    const register = this.#categorical.size;
    this.#categorical.set(name, register);
    this.#dictionaries.push(new Map(categories.map((text, code) => [text, code])));
    return register;
  }

  add({ name, kind }: ColumnSpec, categories: readonly string[]): number {
    return kind === 'NUMERIC' ? this.addNumeric(name) : this.addCategorical(name, categories);
  }

  /** Takes a numeric column from those that go on. */
  drop(name: string): void {
    this.numeric(name);
    this.#numeric.delete(name);
  }

  /** @throws DomainError COLUMN_MISSING, or PIPELINE_SPEC_INVALID when it holds texts */
  numeric(name: string): number {
    const register = this.#numeric.get(name);
    if (register !== undefined) return register;
    throw this.#categorical.has(name) ? columnMisused(name, 'holds texts, where numbers are needed') : columnMissing(name);
  }

  /** @throws DomainError COLUMN_MISSING, or PIPELINE_SPEC_INVALID when it holds numbers */
  categorical(name: string): number {
    const register = this.#categorical.get(name);
    if (register !== undefined) return register;
    throw this.#numeric.has(name) ? columnMisused(name, 'holds numbers, where texts are needed') : columnMissing(name);
  }

  isNumeric(name: string): boolean {
    return this.#numeric.has(name);
  }

  dictionary(register: number): ReadonlyMap<string, number> {
    return this.#dictionaries[register] ?? new Map();
  }

  /** The code of a text; one that the dictionary lacks is added. */
  codeOf(register: number, text: string): number {
    const dictionary = this.#dictionaries[register] ?? new Map<string, number>();
    const code = dictionary.get(text) ?? dictionary.size;
    dictionary.set(text, code);
    return code;
  }

  numericChoice(choice: ColumnChoice): readonly string[] {
    if (choice === '*') return this.numericNames();
    for (const name of distinct(choice)) this.numeric(name);
    return choice;
  }

  categoricalChoice(choice: ColumnChoice): readonly string[] {
    if (choice === '*') return [...this.#categorical.keys()];
    for (const name of distinct(choice)) this.categorical(name);
    return choice;
  }

  #claim(name: string): void {
    if (this.#numeric.has(name) || this.#categorical.has(name)) throw columnMisused(name, 'is there twice');
  }
}

/** @throws DomainError PIPELINE_SPEC_INVALID for a column that a step would go through twice */
export function distinct(names: readonly string[]): readonly string[] {
  const again = names.find((name, at) => names.indexOf(name) !== at);
  if (again !== undefined) throw columnMisused(again, 'is named twice by one step');
  return names;
}
