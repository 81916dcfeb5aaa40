import { err, ok, type Result } from '@vitrine/kernel';
import type { Policy, StatisticsFamily } from '../policy';

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
}

/** Distinct texts, at most `maxLength` of them. */
export interface ListParameter {
  readonly kind: 'list';
  readonly description: string;
  readonly default: readonly string[];
  readonly maxLength: number;
}

export type PolicyParameter = NumberParameter | ListParameter;
type ParameterTable = Readonly<Record<string, PolicyParameter>>;
type ParameterValue<P extends PolicyParameter> = P extends NumberParameter ? number : readonly string[];
/** Checked values, one per declared parameter. */
export type ParameterValues<Table extends ParameterTable> = { readonly [K in keyof Table]: ParameterValue<Table[K]> };

/** What documents and tools may know of a policy. */
export interface PolicyMetadata {
  readonly name: string;
  readonly summary: string;
  readonly contextual: boolean;
  readonly deterministic: boolean;
  readonly family: StatisticsFamily['name'];
  readonly parameters: ParameterTable;
  /** Where the algorithm is described; null when there is nothing to cite. */
  readonly paper: string | null;
}

export interface PolicyDefinition extends PolicyMetadata {
  /** @param dimension of the contexts; ignored by context-free policies */
  create(params: Readonly<Record<string, unknown>>, dimension: number): Result<Policy, PolicyError>;
}

interface PolicyBlueprint<Table extends ParameterTable> extends Omit<PolicyMetadata, 'parameters'> {
  readonly parameters: Table;
  build(values: ParameterValues<Table>, dimension: number): Result<Policy, PolicyError>;
}

export function parameterInvalid(parameter: string, reason: string): { readonly ok: false; readonly error: PolicyError } {
  return err({ code: 'POLICY_PARAMETER_INVALID', parameter, message: `${parameter} ${reason}` });
}

/** Joins a policy's metadata to its builder, which only ever sees checked values. */
export function definePolicy<Table extends ParameterTable>({ build, ...metadata }: PolicyBlueprint<Table>): PolicyDefinition {
  return {
    ...metadata,
    create(params, dimension) {
      if (metadata.contextual && !(Number.isInteger(dimension) && dimension >= 1)) {
        return parameterInvalid('dimension', 'must be a whole number of at least 1');
      }
      const values = parseParameters(metadata.parameters, params);
      return values.ok ? build(values.value, dimension) : values;
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
  const values: Record<string, number | readonly string[]> = {};
  for (const [name, parameter] of Object.entries(table)) {
    const given = params[name];
    const value = given === undefined ? ok(parameter.default) : parseValue(name, parameter, given);
    if (!value.ok) return value;
    values[name] = value.value;
  }
  return ok(values as ParameterValues<Table>); // each entry was checked against its declaration above
}

function parseValue(name: string, parameter: PolicyParameter, given: unknown): Result<number | readonly string[], PolicyError> {
  if (parameter.kind === 'number') {
    const fits = typeof given === 'number' && given >= parameter.min && given <= parameter.max;
    return fits ? ok(given) : parameterInvalid(name, `must be a number in [${parameter.min}, ${parameter.max}]`);
  }
  if (!isTextList(given) || new Set(given).size !== given.length) return parameterInvalid(name, 'must be a list of distinct texts');
  return given.length <= parameter.maxLength ? ok([...given]) : parameterInvalid(name, `must have at most ${parameter.maxLength} entries`);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
