import {
  checkEach,
  checkLength,
  FINITE,
  indexBelow,
  LARGEST_WEIGHT,
  PROBABILITY,
  PROPENSITY,
  refusal,
  sumsToOne,
  type Place,
} from '../rounds/refusal';

/** Slot-wise arrays are row-major [lists x slots]. */
export interface LoggedListsInput {
  /** Names the data set in messages. */
  readonly name: string;
  readonly lists: number;
  readonly slots: number;
  /** What each slot earned; the reward of a list is their sum. A discount by slot is multiplied in beforehand. */
  readonly reward: Float64Array;
  /** Probability of the logged action of a slot given the slots before it, under the policy that logged it, in (0, 1]. */
  readonly propensity: Float64Array;
  /** The same under the evaluated policy, in [0, 1]. */
  readonly evaluation: Float64Array;
  /** Probabilities of the logged action of a slot whatever the other slots hold; what `independentIps` weights by. */
  readonly marginal?: { readonly propensity: Float64Array; readonly evaluation: Float64Array };
  /** What `cascadeDr` corrects. */
  readonly model?: ListModelInput;
}

/** K actions; arrays over them are row-major [lists x slots x K]. */
export interface ListModelInput {
  readonly actions: number;
  /** Logged action, shape [lists x slots]. */
  readonly action: Int32Array;
  /** Distribution of the evaluated policy over the actions of a slot, given the logged slots before it. */
  readonly evaluation: Float64Array;
  /**
   * Estimated reward of this slot and all later ones if the slot held that action: the slots before it as logged, later ones by the
   * evaluated policy. It must not have seen what the slot itself held.
   */
  readonly qHat: Float64Array;
}

/** Checked lists. Only {@link loggedLists} makes them. */
export interface LoggedLists {
  readonly name: string;
  readonly lists: number;
  readonly slots: number;
  readonly reward: Float64Array;
  /** Conditional importance weight of each slot, shape [lists x slots]. */
  readonly weight: Float64Array;
  /** Marginal importance weight of each slot; null where it was not given. */
  readonly marginalWeight: Float64Array | null;
  /** Estimated value to go of the logged action, and of the evaluated policy, at each slot; null without a model. */
  readonly model: { readonly ofLogged: Float64Array; readonly ofPolicy: Float64Array } | null;
}

/**
 * @throws DomainError LOGGED_ROUNDS_INVALID, PROPENSITY_INVALID, NO_OVERLAP (the evaluated policy would have made none of the first slots);
 * each names case, field, list (row) and slot (column)
 */
export function loggedLists(input: LoggedListsInput): LoggedLists {
  const { name, lists, slots, reward, propensity, evaluation, marginal, model } = input;
  const place = (field: string): Place => ({ case: name, field });
  if (!(Number.isInteger(lists) && lists >= 2 && Number.isInteger(slots) && slots >= 1))
    throw refusal('LOGGED_ROUNDS_INVALID', place('lists'), 'there must be at least two lists, of at least one slot');
  checkSlots(reward, place('reward'), { ...input, rule: FINITE });
  checkSlots(propensity, place('propensity'), { ...input, rule: PROPENSITY });
  checkSlots(evaluation, place('evaluation'), { ...input, rule: PROBABILITY });
  if (marginal !== undefined) {
    checkSlots(marginal.propensity, place('marginal.propensity'), { ...input, rule: PROPENSITY });
    checkSlots(marginal.evaluation, place('marginal.evaluation'), { ...input, rule: PROBABILITY });
  }
  const weight = ratio(evaluation, propensity);
  if (weight.every((w, i) => i % slots > 0 || w === 0))
    throw refusal('NO_OVERLAP', place('evaluation'), 'the evaluated policy would have made none of the logged lists');
  checkProducts(weight, input);
  if (model !== undefined) checkModel(input, model, weight);
  return {
    name,
    lists,
    slots,
    reward,
    weight,
    marginalWeight: marginal === undefined ? null : ratio(marginal.evaluation, marginal.propensity),
    model: model === undefined ? null : valuesToGo(model),
  };
}

type SlotCheck = Pick<LoggedListsInput, 'lists' | 'slots'> & { readonly rule: typeof FINITE };

function checkSlots(values: Float64Array, place: Place, { lists, slots, rule }: SlotCheck): void {
  checkLength(values, lists * slots, place);
  checkEach(values, place, { ...rule, width: slots });
}

function checkProducts(weight: Float64Array, { name, slots }: LoggedListsInput): void {
  let product = 1;
  weight.forEach((w, at) => {
    product = at % slots === 0 ? w : product * w;
    if (product <= LARGEST_WEIGHT) return;
    const place = { case: name, field: 'propensity', row: Math.floor(at / slots), column: at % slots };
    throw refusal('PROPENSITY_INVALID', place, 'the product of weights up to here overflows');
  });
}

function checkModel(input: LoggedListsInput, model: ListModelInput, weight: Float64Array): void {
  const { name, lists, slots } = input;
  const place = (field: string): Place => ({ case: name, field: `model.${field}` });
  const { actions, action } = model;
  checkLength(action, lists * slots, place('action'));
  checkEach(action, place('action'), { ...indexBelow(actions), width: slots });
  for (const [field, rule] of [['evaluation', PROBABILITY] as const, ['qHat', FINITE] as const]) {
    checkLength(model[field], lists * slots * actions, place(field));
    checkEach(model[field], place(field), { ...rule, width: slots * actions });
  }
  let reached = true; // what the policy would do after a list it never makes is nobody's business
  for (let at = 0; at < lists * slots; at++) {
    if (at % slots === 0) reached = true;
    if (reached) checkDistribution(input, model, at);
    reached = reached && (weight[at] ?? 0) > 0;
  }
}

function checkDistribution({ name, slots, evaluation }: LoggedListsInput, model: ListModelInput, at: number): void {
  const spot = { case: name, field: 'model.evaluation', row: Math.floor(at / slots), column: at % slots };
  const distribution = model.evaluation.subarray(at * model.actions, (at + 1) * model.actions);
  if (!sumsToOne(distribution.reduce((sum, p) => sum + p, 0))) throw refusal('LOGGED_ROUNDS_INVALID', spot, 'probabilities must sum to 1');
  if (Math.abs((distribution[model.action[at] ?? 0] ?? 0) - (evaluation[at] ?? 0)) > 1e-9)
    throw refusal('LOGGED_ROUNDS_INVALID', spot, 'differs from the evaluation probability of the logged action');
}

function ratio(evaluation: Float64Array, propensity: Float64Array): Float64Array {
  return evaluation.map((probability, i) => probability / (propensity[i] ?? 1));
}

function valuesToGo({ actions, action, evaluation, qHat }: ListModelInput): NonNullable<LoggedLists['model']> {
  return {
    ofLogged: Float64Array.from(action, (a, at) => qHat[at * actions + a] ?? 0),
    ofPolicy: Float64Array.from(action, (_, at) => {
      let value = 0;
      for (let k = at * actions; k < (at + 1) * actions; k++) value += (evaluation[k] ?? 0) * (qHat[k] ?? 0);
      return value;
    }),
  };
}
