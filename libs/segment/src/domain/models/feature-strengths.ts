import { assertNever, invariant } from '@vitrine/kernel';
import type { BoostedTreesModel, DenseLayer, ImportedModel, LogisticModel, ResponseModel } from './response-model';

export interface FeatureStrength {
  readonly name: string;
  /** Share of what all inputs contribute, in [0, 1]; they sum to 1, or are all 0 when the model looks at none. */
  readonly strength: number;
}

/**
 * What each input contributes to a model, strongest first, equals in their order. Explains and never decides: inputs that repeat each
 * other share their strength at random.
 *
 * Logistic regression: |weight| times the input's spread in training. Trees: summed gain of its splits. Networks: summed |weight| over all
 * paths from the input to the end, which knows nothing of signs that cancel.
 *
 * @param outputNames one per input of the model: the outputs of the pipeline before it
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed. (2009), section 10.13.1, for trees
 */
export function featureStrengths(model: ResponseModel, outputNames: readonly string[]): readonly FeatureStrength[] {
  const raw = rawStrengths(model);
  invariant(raw.length === outputNames.length, 'every input has a name');
  const total = raw.reduce((sum, strength) => sum + strength, 0);
  return outputNames
    .map((name, input) => ({ name, strength: total === 0 ? 0 : (raw[input] ?? 0) / total }))
    .toSorted((a, b) => b.strength - a.strength);
}

function rawStrengths(model: ResponseModel): readonly number[] {
  switch (model.kind) {
    case 'LOGISTIC':
      return logisticStrengths(model);
    case 'BOOSTED_TREES':
      return treeStrengths(model);
    case 'IMPORTED':
      return pathStrengths(model);
    default:
      return assertNever(model);
  }
}

function logisticStrengths({ weights, spreads }: LogisticModel): readonly number[] {
  return weights.map((weight, input) => Math.abs(weight) * (spreads?.[input] ?? 1));
}

function treeStrengths({ inputs, feature, gain }: BoostedTreesModel): readonly number[] {
  const strengths = new Array<number>(inputs).fill(0);
  feature.forEach((input, node) => {
    if (input >= 0) strengths[input] = (strengths[input] ?? 0) + (gain[node] ?? 0);
  });
  return strengths;
}

function pathStrengths({ layers }: ImportedModel): readonly number[] {
  return layers.reduceRight<readonly number[]>(throughLayer, [1]);
}

/** Strengths of a layer's inputs from those of its outputs. */
function throughLayer(outputs: readonly number[], { weights }: DenseLayer): readonly number[] {
  const width = weights[0]?.length ?? 0;
  return Array.from({ length: width }, (_, input) => {
    return weights.reduce((sum, row, output) => sum + Math.abs(row[input] ?? 0) * (outputs[output] ?? 0), 0);
  });
}
