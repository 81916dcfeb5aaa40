import { Environment, EvaluationError, ParseError, type ASTNode, type ParseResult } from '@marcbachmann/cel-js';
import { err, ok, type Result } from '@vitrine/kernel';
import type { AudienceCompiler, AudienceInput, AudienceProgram, AudienceVerdict, RuleError } from './audience';
import { findRefusedCall } from './cel-call-policy';

const MAX_RULE_LENGTH = 4_000;
const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 } as const;

/**
 * Audience rules in the Common Expression Language over `context`, `features`, `traits`, `segment`, `device` and `locale`.
 *
 * Departures from plain CEL: numbers arrive as doubles, so arithmetic between a double and a whole literal is defined (`traits.age + 1`);
 * regular expressions and nested comprehensions are refused, because either lets one rule stall every decision.
 */
export function createCelAudienceCompiler(): AudienceCompiler {
  const environment = createEnvironment();
  return { compile: (rule) => compileRule(environment, rule) };
}

function createEnvironment(): Environment {
  const environment = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false })
    .registerVariable('context', 'map<string, dyn>')
    .registerVariable('features', 'map<string, dyn>')
    .registerVariable('traits', 'map<string, dyn>')
    .registerVariable('segment', 'dyn')
    .registerVariable('device', 'string')
    .registerVariable('locale', 'dyn');
  for (const [operator, apply] of Object.entries(ARITHMETIC)) {
    const mixed = (a: unknown, b: unknown): number => apply(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int: double`, mixed).registerOperator(`int ${operator} double: double`, mixed);
  }
  return environment.registerOperator('double % double: double', (a: unknown, b: unknown) => Number(a) % Number(b));
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

function compileRule(environment: Environment, rule: string): Result<AudienceProgram, RuleError> {
  if (rule.length > MAX_RULE_LENGTH) return refuse(`the rule must have at most ${MAX_RULE_LENGTH} characters`, null);
  let program: ParseResult;
  try {
    program = environment.parse(rule);
  } catch (error) {
    if (error instanceof ParseError) return refuse(error.summary, error.range?.start ?? null);
    throw error;
  }
  const call = findRefusedCall(program.ast);
  if (call !== null) return refuse(call.why, call.position);
  const fault = typeFault(program);
  if (fault !== null) return refuse(fault.why, fault.position);
  return ok({ evaluate: (input) => evaluate(program, input) });
}

/** A rule must give a truth value, or something whose type is known only per visitor. */
function typeFault(program: ParseResult): { readonly why: string; readonly position: number | null } | null {
  const { valid, error, type } = program.check();
  if (!valid) return { why: error?.summary ?? 'the rule does not type-check', position: error?.range?.start ?? null };
  if (type === 'bool' || type === 'dyn') return null;
  return { why: `the rule gives ${type ?? 'nothing'}, not bool`, position: startOf(program.ast) };
}

function evaluate(program: ParseResult, input: AudienceInput): AudienceVerdict {
  try {
    const value: unknown = program(input);
    if (typeof value !== 'boolean') return 'FAILED';
    return value ? 'ADMITTED' : 'REFUSED';
  } catch (error) {
    // A trait or feature that this visitor does not have is ordinary: the rule simply does not hold.
    return error instanceof EvaluationError && error.code === 'no_such_key' ? 'REFUSED' : 'FAILED';
  }
}

const startOf = (node: ASTNode): number => node.start;

function refuse(message: string, position: number | null): Result<AudienceProgram, RuleError> {
  return err({ code: 'RULE_INVALID', message, position });
}
