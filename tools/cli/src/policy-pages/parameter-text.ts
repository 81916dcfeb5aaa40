import type { PolicyParameter } from '@vitrine/bandit';
import { assertNever } from '@vitrine/kernel';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A number as people write it: 0.25, 1e-6, 604800000. */
const numberText = (value: number): string => (value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value));

/** A time in the unit that makes it short; in ms where none does. */
function timeText(ms: number): string {
  if (ms > 0 && ms % DAY_MS === 0) return `${ms / DAY_MS} d`;
  return ms > 0 && ms % HOUR_MS === 0 ? `${ms / HOUR_MS} h` : `${ms} ms`;
}

/** The default as text; times also in days or hours. */
export function defaultText(parameter: PolicyParameter): string {
  switch (parameter.kind) {
    case 'number':
      return parameter.unit === 'ms' ? `${parameter.default} (${timeText(parameter.default)})` : numberText(parameter.default);
    case 'choice':
      return parameter.default;
    case 'list':
      return parameter.default.length === 0 ? 'none' : parameter.default.join(', ');
    case 'policy':
      return JSON.stringify(parameter.default);
    default:
      return assertNever(parameter);
  }
}

/** Which values fit. */
export function rangeText(parameter: PolicyParameter): string {
  switch (parameter.kind) {
    case 'number':
      return `${parameter.whole === true ? 'whole, ' : ''}${numberText(parameter.min)} to ${numberText(parameter.max)}`;
    case 'choice':
      return parameter.options.join(', ');
    case 'list':
      return `at most ${parameter.maxLength} texts`;
    case 'policy':
      return 'a policy: { name, params }';
    default:
      return assertNever(parameter);
  }
}

export const unitText = (parameter: PolicyParameter): string => (parameter.kind === 'number' ? (parameter.unit ?? '') : '');
