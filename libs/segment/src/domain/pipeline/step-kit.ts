import type { RegisterLayout } from './register-layout';
import type { StoredFields } from './stored-fields';
import type { TrainingFrame } from './training-frame';
import type { FittedStep, StepKind, StepSpec } from './step-types';

/** What one row is while a program runs over it. */
export interface Registers {
  readonly numbers: Float64Array;
  /** Codes of texts: an index into the column's dictionary, MISSING or UNKNOWN. */
  readonly codes: Int32Array;
  /** The raw texts, which only hashing reads. */
  readonly texts: (string | null)[];
}

/** One step of a program: works on the registers in place and allocates nothing. */
export interface Instruction {
  /** Registers of numbers that it reads and writes. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Whether it reads or writes codes or texts. */
  readonly categorical: boolean;
  readonly run: (registers: Registers) => void;
}

export interface FitContext {
  readonly frame: TrainingFrame;
  /** 0 or 1 per row, where the caller has one. */
  readonly target: Float64Array | null;
  /** A number per row that stands for its raw values and nothing else, not for its place. */
  readonly rowKeys: () => Float64Array;
  readonly seed: number;
}

export interface FitOutcome<K extends StepKind> {
  readonly step: FittedStep<K>;
  /** Columns that training rows must see otherwise than new rows, by name: those that were fitted across folds. */
  readonly crossFitted?: ReadonlyMap<string, Float64Array>;
}

/** Everything about one kind of step. */
export interface StepKit<K extends StepKind> {
  /** @throws DomainError PIPELINE_SPEC_INVALID, COLUMN_MISSING or COLUMN_UNUSABLE */
  readonly fit: (spec: StepSpec<K>, context: FitContext) => FitOutcome<K>;
  /** Moves the layout on by the step. @returns null where there is nothing to compute @throws DomainError as a layout does */
  readonly compile: (step: FittedStep<K>, layout: RegisterLayout) => Instruction | null;
  /** @throws DomainError PIPELINE_MALFORMED */
  readonly parse: (fields: StoredFields) => FittedStep<K>;
}
