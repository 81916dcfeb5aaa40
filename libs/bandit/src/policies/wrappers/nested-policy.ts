import { err, type Result } from '@vitrine/kernel';
import type { Policy } from '../../policy';
import type { NestedPolicy, PolicyCompiler, PolicyError } from '../policy-definition';

/** Builds the policy of a parameter; a fault in it names the way to it: `baseline.epsilon`. */
export function buildNested(compile: PolicyCompiler, parameter: string, nested: NestedPolicy): Result<Policy, PolicyError> {
  const policy = compile(nested);
  if (policy.ok) return policy;
  const { code, parameter: inner, message } = policy.error;
  return err({ code, parameter: inner === null ? parameter : `${parameter}.${inner}`, message: `${parameter}: ${message}` });
}

/** Builds the policies of two parameters. */
export function buildTwo(
  compile: PolicyCompiler,
  [firstName, first]: readonly [string, NestedPolicy],
  [secondName, second]: readonly [string, NestedPolicy],
): Result<readonly [Policy, Policy], PolicyError> {
  const built = buildNested(compile, firstName, first);
  if (!built.ok) return built;
  const other = buildNested(compile, secondName, second);
  return other.ok ? { ok: true, value: [built.value, other.value] } : other;
}
