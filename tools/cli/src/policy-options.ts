import { Option, InvalidArgumentError, type Command } from 'commander';
import { createPolicy, POLICIES, type Policy, type PolicyMetadata, type PolicySpec } from '@vitrine/bandit';
import { DomainError } from '@vitrine/kernel';

export interface PolicyOptions {
  readonly policy: string;
  /** As given: a JSON object. */
  readonly params?: string;
  readonly floor: number;
}

/** The options by which a command takes a policy. */
export function addPolicyOptions(command: Command): Command {
  return command
    .requiredOption('--policy <name>', 'which policy; "vitrine policies" lists them')
    .option('--params <json>', 'its parameters as a JSON object, for instance \'{"alpha": 0.5}\' (default: its own defaults)')
    .addOption(new Option('--floor <share>', 'share of even exploration on top, in [0, 1)').argParser(parseFloor).default(0));
}

/**
 * The policy with everything that its name and parameters say.
 *
 * @throws DomainError UNKNOWN_POLICY, POLICY_PARAMETER_INVALID naming the parameter, BAD_USER_INPUT when the parameters are no JSON object
 */
export function specOf({ policy, params, floor }: PolicyOptions): PolicySpec {
  return { name: policy, params: parseParams(params), floor };
}

/** @throws as `specOf` */
export function buildPolicy(spec: Pick<PolicySpec, 'name' | 'params'>, dimension: number): Policy {
  const built = createPolicy(spec, dimension);
  if (built.ok) return built.value;
  const { code, parameter, message } = built.error;
  throw new DomainError(code, `${spec.name}: ${message}`, { details: parameter === null ? {} : { parameter } });
}

/** @throws DomainError UNKNOWN_POLICY */
export function getPolicyMetadata(name: string): PolicyMetadata {
  const found = POLICIES.find((policy) => policy.name === name);
  if (found !== undefined) return found;
  throw new DomainError('UNKNOWN_POLICY', `no policy is named ${name}; there are ${POLICIES.map((policy) => policy.name).join(', ')}`);
}

function parseParams(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('BAD_USER_INPUT', '--params is not JSON', { cause, details: { option: 'params' } });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new DomainError('BAD_USER_INPUT', '--params must be a JSON object', { details: { option: 'params' } });
}

function parseFloor(text: string): number {
  const floor = Number(text);
  if (text.trim() === '' || !(floor >= 0 && floor < 1)) throw new InvalidArgumentError('A floor is a share in [0, 1).');
  return floor;
}

/** A whole number from `min` to `max`, as commander reads it from a text. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`A whole number from ${min} to ${max}.`);
    return value;
  };
}

/** A seed of declared orders and draws. */
export const parseSeed = wholeNumber(0, 2 ** 32 - 1);
