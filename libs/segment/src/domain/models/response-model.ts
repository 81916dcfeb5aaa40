/** Predicts the chance of one outcome (a purchase, a click) from a row of inputs. Plain JSON, immutable once trained. */
export type ResponseModel = LogisticModel | BoostedTreesModel | ImportedModel;

/** Log-odds are `intercept` plus the sum of weight times input. */
export interface LogisticModel {
  readonly kind: 'LOGISTIC';
  readonly intercept: number;
  /** Shape [inputs]. */
  readonly weights: readonly number[];
  /** Standard deviation of each input over the training rows; absent: inputs have comparable scales. Only explains, never predicts. */
  readonly spreads?: readonly number[];
}

/**
 * Log-odds are `baseline` plus one leaf of every tree. All trees lie one after another in the node arrays, each shape [nodes]; children
 * come after their parent.
 */
export interface BoostedTreesModel {
  readonly kind: 'BOOSTED_TREES';
  readonly inputs: number;
  readonly baseline: number;
  /** First node of each tree, ascending. */
  readonly roots: readonly number[];
  /** Input a node looks at; -1 marks a leaf. */
  readonly feature: readonly number[];
  /** Values up to and with it go left. 0 in a leaf. */
  readonly threshold: readonly number[];
  /** 1 where a value that is not finite goes left, 0 where it goes right. */
  readonly missingLeft: readonly number[];
  /** Child nodes; 0 in a leaf. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Log-odds that a leaf adds; 0 in a split. */
  readonly value: readonly number[];
  /** How much a split lowered the loss in training; 0 in a leaf. Only explains, never predicts. */
  readonly gain: readonly number[];
}

export const ACTIVATIONS = ['LINEAR', 'RELU', 'TANH', 'SIGMOID'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** Outputs are activation(bias + weights . inputs). */
export interface DenseLayer {
  /** One row of weights per output: shape [outputs][inputs]. */
  readonly weights: readonly (readonly number[])[];
  /** Shape [outputs]. */
  readonly biases: readonly number[];
  readonly activation: Activation;
}

/** A network that was trained elsewhere. The last layer has one output and the activation SIGMOID: the probability. */
export interface ImportedModel {
  readonly kind: 'IMPORTED';
  readonly layers: readonly DenseLayer[];
}
