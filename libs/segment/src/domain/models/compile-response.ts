import { sigmoid } from '@vitrine/bandit';
import { assertNever, invariant } from '@vitrine/kernel';
import type { Activation, BoostedTreesModel, DenseLayer, ImportedModel, LogisticModel, ResponseModel } from './response-model';
import { treeValue } from './tree-nodes';

/** Chance of the outcome, in (0, 1), for the row of inputs that starts at `values[offset]`. */
export type PredictResponse = (values: Float64Array, offset: number) => number;

/** Beyond these log-odds a probability would round to 0 or 1, and a sure thing can never be wrong. */
const MOST_LOG_ODDS = 36;

/**
 * A model as a pure function. Allocates once, here; predicting allocates nothing, so one function serves one call at a time.
 *
 * An input that is not finite goes the way each split learned in trees, and counts as 0 (the mean, for standardised inputs) elsewhere.
 */
export function compileResponse(model: ResponseModel): PredictResponse {
  switch (model.kind) {
    case 'LOGISTIC':
      return compileLogistic(model);
    case 'BOOSTED_TREES':
      return compileTrees(model);
    case 'IMPORTED':
      return compileLayers(model);
    default:
      return assertNever(model);
  }
}

/** Sums of which infinite parts cancelled (inputs of 1e308, say) know nothing: 1/2. */
function toProbability(logOdds: number): number {
  if (Number.isNaN(logOdds)) return 0.5;
  return sigmoid(Math.min(MOST_LOG_ODDS, Math.max(-MOST_LOG_ODDS, logOdds)));
}

function compileLogistic({ intercept, weights }: LogisticModel): PredictResponse {
  const packed = Float64Array.from(weights);
  return (values, offset) => {
    let z = intercept;
    for (let c = 0; c < packed.length; c++) {
      const value = values[offset + c] ?? 0;
      if (Number.isFinite(value)) z += value * (packed[c] ?? 0);
    }
    return toProbability(z);
  };
}

function compileTrees(model: BoostedTreesModel): PredictResponse {
  const roots = Int32Array.from(model.roots);
  const trees = {
    feature: Int32Array.from(model.feature),
    threshold: Float64Array.from(model.threshold),
    missingLeft: Uint8Array.from(model.missingLeft),
    left: Int32Array.from(model.left),
    right: Int32Array.from(model.right),
    value: Float64Array.from(model.value),
  };
  return (values, offset) => {
    let z = model.baseline;
    for (let tree = 0; tree < roots.length; tree++) z += treeValue(trees, roots[tree] ?? 0, values, offset);
    return toProbability(z);
  };
}

interface CompiledLayer {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly activation: Activation;
  readonly outputs: Float64Array;
}

function compileLayers({ layers }: ImportedModel): PredictResponse {
  const compiled = layers.map(compileLayer);
  const inputs = new Float64Array(layers[0]?.weights[0]?.length ?? 0);
  const last = compiled.at(-1);
  invariant(last !== undefined && last.outputs.length === 1 && last.activation === 'SIGMOID', 'a network ends in one probability');
  return (values, offset) => {
    for (let c = 0; c < inputs.length; c++) {
      const value = values[offset + c] ?? 0;
      inputs[c] = Number.isFinite(value) ? value : 0;
    }
    let from: Float64Array = inputs;
    for (const layer of compiled) {
      runLayer(layer, from, layer === last);
      from = layer.outputs;
    }
    return toProbability(last.outputs[0] ?? 0);
  };
}

function compileLayer({ weights, biases, activation }: DenseLayer): CompiledLayer {
  return {
    weights: Float64Array.from(weights.flat()),
    biases: Float64Array.from(biases),
    activation,
    outputs: new Float64Array(biases.length),
  };
}

/** @param linear leaves the activation out: the last layer's log-odds become a probability elsewhere */
function runLayer({ weights, biases, activation, outputs }: CompiledLayer, inputs: Float64Array, linear: boolean): void {
  for (let o = 0; o < outputs.length; o++) {
    let sum = biases[o] ?? 0;
    const from = o * inputs.length;
    for (let c = 0; c < inputs.length; c++) sum += (weights[from + c] ?? 0) * (inputs[c] ?? 0);
    outputs[o] = linear ? sum : activate(activation, sum);
  }
}

function activate(activation: Activation, z: number): number {
  switch (activation) {
    case 'LINEAR':
      return z;
    case 'RELU':
      return Math.max(0, z);
    case 'TANH':
      return Math.tanh(z);
    case 'SIGMOID':
      return sigmoid(z);
    default:
      return assertNever(activation);
  }
}
