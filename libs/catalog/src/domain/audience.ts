import type { Result } from '@vitrine/kernel';
import type { EligibilityRequest } from './types';

/** The variables of an audience rule. */
export type AudienceInput = Pick<EligibilityRequest, 'context' | 'features' | 'traits' | 'segment' | 'device' | 'locale'>;

/** `FAILED`: the rule met a value of a type it cannot handle; such a visitor is not admitted. */
export type AudienceVerdict = 'ADMITTED' | 'REFUSED' | 'FAILED';

export interface AudienceProgram {
  /** Never throws. */
  evaluate(input: AudienceInput): AudienceVerdict;
}

export interface RuleError {
  readonly code: 'RULE_INVALID';
  readonly message: string;
  /** 0-based offset into the rule; null when the fault is not at one place. */
  readonly position: number | null;
}

/** Turns the text of an audience rule into a program; the language is an adapter's choice. */
export interface AudienceCompiler {
  compile(rule: string): Result<AudienceProgram, RuleError>;
}
