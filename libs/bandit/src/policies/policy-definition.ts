import { assertNever, err, ok, type Result } from '@vitrine/kernel';
import type { Policy, PolicySpec } from '../policy';

/** Why a policy cannot be built from its configuration. */
export interface PolicyError {
  readonly code: 'UNKNOWN_POLICY' | 'POLICY_PARAMETER_INVALID';
  /** The parameter at fault; null when the policy itself is unknown. */
  readonly parameter: string | null;
  readonly message: string;
}

export interface NumberParameter {
  readonly kind: 'number';
  readonly description: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Whether only whole numbers fit. */
  readonly whole?: boolean;
  /** What it is measured in (`reward`, `trials`, `ms`); absent for a plain number. */
  readonly unit?: string;
}

/** One of a few names. */
export interface ChoiceParameter {
  readonly kind: 'choice';
  readonly description: string;
  readonly options: readonly string[];
  readonly default: string;
}

export type NestedPolicy = Pick<PolicySpec, 'name' | 'params'>;

/** Another policy, which this one wraps. */
export interface NestedParameter {
  readonly kind: 'policy';
  readonly description: string;
  readonly default: NestedPolicy;
}

/** Distinct texts, at most `maxLength` of them. */
export interface ListParameter {
  readonly kind: 'list';
  readonly description: string;
  readonly default: readonly string[];
  readonly maxLength: number;
}

export type PolicyParameter = NumberParameter | ListParameter | ChoiceParameter | NestedParameter;
type ParameterTable = Readonly<Record<string, PolicyParameter>>;
type AnyValue = number | string | readonly string[] | NestedPolicy;
type ParameterValue<P extends PolicyParameter> = P extends NumberParameter
  ? number
  : P extends ChoiceParameter
    ? P['options'][number]
    : P extends NestedParameter
      ? NestedPolicy
      : readonly string[];
/** Checked values, one per declared parameter. */
export type ParameterValues<Table extends ParameterTable> = { readonly [K in keyof Table]: ParameterValue<Table[K]> };

/** What documents and tools may know of a policy. */
export interface PolicyMetadata {
  readonly name: string;
  readonly summary: string;
  readonly contextual: boolean;
  readonly deterministic: boolean;
  /** Name of the statistics it learns from. */
  readonly family: string;
  /** `unit`: it takes rewards in [0, 1] only. */
  readonly rewards: 'unit' | 'any';
  readonly parameters: ParameterTable;
  /** K eligible banners, d dimensions of the context. */
  readonly complexity: { readonly decide: string; readonly learn: string; readonly state: string };
  /** Where the algorithm is described; null when there is nothing to cite. */
  readonly paper: string | null;
}

/** Builds a nested policy for contexts of the same dimension. */
export type PolicyCompiler = (nested: NestedPolicy) => Result<Policy, PolicyError>;

export interface PolicyDefinition extends PolicyMetadata {
  /** @param dimension of the contexts; ignored by context-free policies */
  create(params: Readonly<Record<string, unknown>>, dimension: number, compile: PolicyCompiler): Result<Policy, PolicyError>;
}

interface PolicyBlueprint<Table extends ParameterTable> extends Omit<PolicyMetadata, 'parameters'> {
  readonly parameters: Table;
  build(values: ParameterValues<Table>, dimension: number, compile: PolicyCompiler): Result<Policy, PolicyError>;
}

export function parameterInvalid(parameter: string, reason: string): { readonly ok: false; readonly error: PolicyError } {
  return err({ code: 'POLICY_PARAMETER_INVALID', parameter, message: `${parameter} ${reason}` });
}

/** Joins a policy's metadata to its builder, which only ever sees checked values. */
export function definePolicy<const Table extends ParameterTable>({ build, ...metadata }: PolicyBlueprint<Table>): PolicyDefinition {
  return {
    ...metadata,
    create(params, dimension, compile) {
      if (metadata.contextual && !(Number.isInteger(dimension) && dimension >= 1)) {
        return parameterInvalid('dimension', 'must be a whole number of at least 1');
      }
      const values = parseParameters(metadata.parameters, params);
      return values.ok ? build(values.value, dimension, compile) : values;
    },
  };
}

function parseParameters<Table extends ParameterTable>(
  table: Table,
  params: Readonly<Record<string, unknown>>,
): Result<ParameterValues<Table>, PolicyError> {
  const unknown = Object.keys(params).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined)
    return parameterInvalid(unknown, `is no parameter of this policy; it has ${Object.keys(table).join(', ') || 'none'}`);
  const values: Record<string, AnyValue> = {};
  for (const [name, parameter] of Object.entries(table)) {
    const given = params[name];
    const value = given === undefined ? ok(parameter.default) : parseValue(name, parameter, given);
    if (!value.ok) return value;
    values[name] = value.value;
  }
  return ok(values as ParameterValues<Table>); // each entry was checked against its declaration above
}

function parseValue(name: string, parameter: PolicyParameter, given: unknown): Result<AnyValue, PolicyError> {
  switch (parameter.kind) {
    case 'number':
      return parseNumber(name, parameter, given);
    case 'choice':
      return typeof given === 'string' && parameter.options.includes(given)
        ? ok(given)
        : parameterInvalid(name, `must be one of ${parameter.options.join(', ')}`);
    case 'policy':
      return isNestedPolicy(given) ? ok(given) : parameterInvalid(name, 'must be a policy: { name, params }');
    case 'list':
      return parseList(name, parameter, given);
    default:
      return assertNever(parameter);
  }
}

function parseNumber(name: string, { min, max, whole }: NumberParameter, given: unknown): Result<number, PolicyError> {
  const fits = typeof given === 'number' && given >= min && given <= max && (whole !== true || Number.isInteger(given));
  return fits ? ok(given) : parameterInvalid(name, `must be a ${whole === true ? 'whole number' : 'number'} in [${min}, ${max}]`);
}

function parseList(name: string, { maxLength }: ListParameter, given: unknown): Result<readonly string[], PolicyError> {
  if (!isTextList(given) || new Set(given).size !== given.length) return parameterInvalid(name, 'must be a list of distinct texts');
  return given.length <= maxLength ? ok([...given]) : parameterInvalid(name, `must have at most ${maxLength} entries`);
}

function isNestedPolicy(value: unknown): value is NestedPolicy {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('params' in value)) return false;
  return typeof value.name === 'string' && typeof value.params === 'object' && value.params !== null && Object.keys(value).length === 2;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
