import type { RegisterLayout } from './register-layout';
import type { FitContext, FitOutcome, Instruction, StepKit } from './step-kit';
import type { FittedStep, StepKind, StepSpec } from './step-types';
import { malformed, type StoredFields } from './stored-fields';
import { clipKit } from './steps/clip.step';
import { cyclicalKit } from './steps/cyclical.step';
import { hashKit } from './steps/hash.step';
import { imputeKit } from './steps/impute.step';
import { log1pKit } from './steps/log1p.step';
import { oneHotKit } from './steps/one-hot.step';
import { ordinalKit } from './steps/ordinal.step';
import { powerKit } from './steps/power.step';
import { pcaKit, truncatedSvdKit } from './steps/projection.step';
import { robustScaleKit, standardScaleKit } from './steps/scale.step';
import { selectKBestKit, selectVarianceKit } from './steps/select.step';
import { targetEncodeKit } from './steps/target-encode.step';

/** Every kind of step; one that is added to the types is asked for here. */
const STEP_KITS: { readonly [K in StepKind]: StepKit<K> } = {
  impute: imputeKit,
  log1p: log1pKit,
  power: powerKit,
  'standard-scale': standardScaleKit,
  'robust-scale': robustScaleKit,
  clip: clipKit,
  'one-hot': oneHotKit,
  ordinal: ordinalKit,
  'target-encode': targetEncodeKit,
  hash: hashKit,
  cyclical: cyclicalKit,
  pca: pcaKit,
  'truncated-svd': truncatedSvdKit,
  'select-variance': selectVarianceKit,
  'select-k-best': selectKBestKit,
};

export function fitStep<K extends StepKind>(spec: StepSpec<K>, context: FitContext): FitOutcome<K> {
  return STEP_KITS[spec.kind].fit(spec, context);
}

export function compileStep<K extends StepKind>(step: FittedStep<K>, layout: RegisterLayout): Instruction | null {
  return STEP_KITS[step.kind].compile(step, layout);
}

/** @throws DomainError PIPELINE_MALFORMED */
export function parseStep(fields: StoredFields): FittedStep {
  const kind = fields.text('kind');
  if (!isStepKind(kind)) throw malformed(`${fields.place}.kind`, 'is no kind of step');
  return STEP_KITS[kind].parse(fields);
}

function isStepKind(kind: string): kind is StepKind {
  return Object.hasOwn(STEP_KITS, kind);
}
