import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { loggedRounds, type EvaluationParameters, type LoggedRounds, type LoggedRoundsInput } from '@vitrine/bandit';
import { DomainError } from '@vitrine/kernel';
import { messageOf } from '@vitrine/stack';
import { z } from 'zod';
import { opeInput, type OpeCase } from './ope-schema';

/** What the file calls the arrays, so that a refusal names what the reader can look for. */
const FIELD_NAMES: NonNullable<LoggedRoundsInput['fieldNames']> = {
  propensity: 'pscore',
  evaluationOfLogged: 'pi_e_logged',
  evaluation: 'pi_e',
  qHat: 'q_hat',
};

export interface OpeCaseInput {
  readonly rounds: LoggedRounds;
  readonly parameters: EvaluationParameters;
  /** Rounds where `pi_e_logged` is not what `pi_e` says of the logged action: both are used as they are, but somebody should know. */
  readonly contradictions: number;
}

/**
 * Reads a file of logged cases; gzipped when its name ends in `.gz`.
 *
 * @throws DomainError NOT_FOUND (no such file), BAD_USER_INPUT (not JSON, or not of the format: names the path inside the file), and what
 * `loggedRounds` throws
 */
export function readOpeInput(file: string): readonly OpeCaseInput[] {
  const parsed = opeInput.safeParse(parseJson(readText(file), file));
  if (!parsed.success) throw schemaRefusal(parsed.error);
  return parsed.data.cases.map(toCaseInput);
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new DomainError('NOT_FOUND', `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
  try {
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    throw new DomainError('BAD_USER_INPUT', `${file} is not gzipped: ${messageOf(cause)}`, { cause });
  }
}

/** Python writes NaN and Infinity, which are no JSON: read as null, so that the schema names the place. */
const NOT_FINITE = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    try {
      return JSON.parse(text.replace(NOT_FINITE, (token) => (token.startsWith('"') ? token : 'null')));
    } catch {
      throw new DomainError('BAD_USER_INPUT', `${file} is not JSON: ${messageOf(cause)}`, { cause });
    }
  }
}

function schemaRefusal(error: z.ZodError): DomainError {
  const [first] = error.issues;
  const path = first === undefined ? '' : z.core.toDotPath(first.path);
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return new DomainError('BAD_USER_INPUT', `${path}: ${first?.message ?? 'invalid'}${more}`, { details: { path } });
}

function toCaseInput(raw: OpeCase): OpeCaseInput {
  const { name, n, n_actions: actions, len_list: positions, action, parameters } = raw;
  if (n !== undefined && n !== action.length)
    throw new DomainError('LOGGED_ROUNDS_INVALID', `case "${name}", action: holds ${action.length} values instead of n = ${n}`, {
      details: { case: name, field: 'action' },
    });
  const table = raw.pi_e_kind === 'table';
  const rounds = loggedRounds({
    name,
    fieldNames: FIELD_NAMES,
    actions,
    positions,
    action: Int32Array.from(action),
    position: Int32Array.from(raw.position),
    reward: Float64Array.from(raw.reward),
    propensity: Float64Array.from(raw.pscore),
    evaluationOfLogged: Float64Array.from(raw.pi_e_logged),
    evaluation: {
      kind: table ? 'table' : 'perRound',
      probabilities: flatten(raw.pi_e, { name, field: 'pi_e', rows: table ? actions : action.length, width: table ? positions : actions }),
    },
    ...(raw.q_hat === undefined ? {} : { qHat: flatten(raw.q_hat, { name, field: 'q_hat', rows: action.length, width: actions }) }),
  });
  const { tuning, ...others } = parameters;
  return { rounds, parameters: tuning === undefined ? others : { ...others, tuning }, contradictions: contradictionsIn(raw) };
}

interface MatrixShape {
  readonly name: string;
  readonly field: string;
  readonly rows: number;
  readonly width: number;
}

function flatten(matrix: readonly (readonly number[])[], { name, field, rows, width }: MatrixShape): Float64Array {
  const refuse = (place: string, rule: string): DomainError =>
    new DomainError('LOGGED_ROUNDS_INVALID', `case "${name}", ${place}: ${rule}`, { details: { case: name, field } });
  if (matrix.length !== rows) throw refuse(field, `holds ${matrix.length} rows instead of ${rows}`);
  const at = matrix.findIndex((row) => row.length !== width);
  if (at >= 0) throw refuse(`${field}[${at}]`, `holds ${matrix[at]?.length} values instead of ${width}`);
  const flat = new Float64Array(rows * width);
  matrix.forEach((row, i) => flat.set(row, i * width));
  return flat;
}

function contradictionsIn({ pi_e_kind: kind, pi_e: policy, action, position, pi_e_logged: logged }: OpeCase): number {
  const stated = (a: number, i: number): number | undefined => (kind === 'table' ? policy[a]?.[position[i] ?? 0] : policy[i]?.[a]);
  return action.filter((a, i) => Math.abs((stated(a, i) ?? 0) - (logged[i] ?? 0)) > 1e-6).length;
}
