import { roundSe } from '../intervals/round-se';
import { cascadeDr } from './cascade-dr';
import { independentIps } from './independent-ips';
import { listIps } from './list-ips';
import { loggedLists, type LoggedLists, type LoggedListsInput } from './logged-lists';
import { rewardInteractionIps } from './reward-interaction-ips';

/** Lists of two of three banners, no banner twice: all six of them, with exact probabilities instead of draws. */
const BANNERS = 3;
const SLOTS = 2;
const LISTS = [0, 1, 2].flatMap((a) => [0, 1, 2].filter((b) => b !== a).map((b) => [a, b] as const));
type List = (typeof LISTS)[number];

/** A policy that draws by these shares and, later on, by what is left of them; `boost` makes the second slot depend on the first. */
interface Shares {
  readonly shares: readonly [number, number, number];
  readonly boost: number;
}
const LOGGING: Shares = { shares: [0.5, 0.3, 0.2], boost: 1 };
const EVALUATED: Shares = { shares: [0.15, 0.25, 0.6], boost: 3 };

const share = ({ shares }: Shares, banner: number): number => shares[banner] ?? 0;
function conditional(policy: Shares, [first]: List, banner: number): number {
  const weightOf = (b: number): number => (b === first ? 0 : share(policy, b) * (b === (first + 1) % BANNERS ? policy.boost : 1));
  return weightOf(banner) / (weightOf(0) + weightOf(1) + weightOf(2));
}
const chanceOf = (policy: Shares, list: List): number => share(policy, list[0]) * conditional(policy, list, list[1]);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** Chance that `banner` is in the second slot, whatever the first holds. */
const marginalSecond = (policy: Shares, banner: number): number =>
  sum(LISTS.filter(([, second]) => second === banner).map((list) => chanceOf(policy, list)));

/** Mean reward of each slot, by what both slots hold. */
type Rewards = (list: List) => readonly [number, number];
const OWN = [0.1, 0.7, 0.4] as const;
const own = (banner: number): number => OWN[banner] ?? 0;
const INDEPENDENT: Rewards = ([a, b]) => [own(a), 2 * own(b)];
const CASCADE: Rewards = ([a, b]) => [own(a), own(b) * (a === 1 ? 0.2 : 1.5)];
const ANYTHING: Rewards = ([a, b]) => [own(a) * (b === 2 ? 3 : 0.5), own(b) * (a === 1 ? 0.2 : 1.5)];

const trueValue = (rewards: Rewards): number => sum(LISTS.map((list) => chanceOf(EVALUATED, list) * sum(rewards(list))));

const perSlot = (of: (list: List, slot: 0 | 1) => number): Float64Array =>
  Float64Array.from(LISTS.flatMap((list) => [of(list, 0), of(list, 1)]));
const conditionals = (policy: Shares): Float64Array =>
  perSlot((list, slot) => (slot === 0 ? share(policy, list[0]) : conditional(policy, list, list[1])));
const marginals = (policy: Shares): Float64Array =>
  perSlot((list, slot) => (slot === 0 ? share(policy, list[0]) : marginalSecond(policy, list[1])));

/** Estimated value to go, by slot, list before it, and banner. */
type ToGo = (list: List, slot: 0 | 1, banner: number) => number;
/** The true one, of rewards under which a slot does not see later ones. */
const perfect =
  (rewards: Rewards): ToGo =>
  ([first], slot, banner) => {
    if (slot === 1) return banner === first ? 0 : rewards([first, banner])[1];
    const after = LISTS.filter(([a]) => a === banner);
    return own(banner) + sum(after.map((list) => conditional(EVALUATED, list, list[1]) * rewards(list)[1]));
  };
const WRONG: ToGo = ([first], slot, banner) => 0.3 + slot - 0.2 * banner + (slot === 1 ? 0.1 * first : 0);

function inputOf(rewards: Rewards, toGo: ToGo = WRONG): LoggedListsInput & { readonly model: NonNullable<LoggedListsInput['model']> } {
  const perBanner = (of: (list: List, slot: 0 | 1, banner: number) => number): Float64Array =>
    Float64Array.from(LISTS.flatMap((list) => ([0, 1] as const).flatMap((slot) => [0, 1, 2].map((banner) => of(list, slot, banner)))));
  return {
    name: 'enumerated',
    lists: LISTS.length,
    slots: SLOTS,
    reward: perSlot((list, slot) => rewards(list)[slot]),
    propensity: conditionals(LOGGING),
    evaluation: conditionals(EVALUATED),
    marginal: { propensity: marginals(LOGGING), evaluation: marginals(EVALUATED) },
    model: {
      actions: BANNERS,
      action: Int32Array.from(LISTS.flat()),
      evaluation: perBanner((list, slot, banner) => (slot === 0 ? share(EVALUATED, banner) : conditional(EVALUATED, list, banner))),
      qHat: perBanner(toGo),
    },
  };
}

/** Exact expectation of an estimate over what the logging policy could have shown. */
function expectation(estimator: (lists: LoggedLists) => Float64Array, rewards: Rewards, toGo?: ToGo): number {
  const terms = estimator(loggedLists(inputOf(rewards, toGo)));
  return sum(LISTS.map((list, i) => chanceOf(LOGGING, list) * (terms[i] ?? 0)));
}

const ESTIMATORS = { listIps, rewardInteractionIps, cascadeDr, independentIps } as const;

describe('estimates over several slots, in exact expectation', () => {
  it.each([
    ['independentIps', 'independent', INDEPENDENT],
    ['rewardInteractionIps', 'independent', INDEPENDENT],
    ['rewardInteractionIps', 'cascade', CASCADE],
    ['cascadeDr', 'independent', INDEPENDENT],
    ['cascadeDr', 'cascade', CASCADE],
    ['listIps', 'independent', INDEPENDENT],
    ['listIps', 'cascade', CASCADE],
    ['listIps', 'any', ANYTHING],
  ] as const)('%s is unbiased under %s rewards', (name, _assumption, rewards) => {
    expect(expectation(ESTIMATORS[name], rewards)).toBeCloseTo(trueValue(rewards), 12);
  });

  it.each([
    ['independentIps', 'cascade', CASCADE],
    ['rewardInteractionIps', 'any', ANYTHING],
    ['cascadeDr', 'any', ANYTHING],
  ] as const)('%s is biased under %s rewards, so the test above can tell', (name, _assumption, rewards) => {
    expect(Math.abs(expectation(ESTIMATORS[name], rewards) - trueValue(rewards))).toBeGreaterThan(0.02);
  });

  it('independent IPS over conditional weights would be biased where a banner cannot be shown twice', () => {
    const input = inputOf(INDEPENDENT);
    const terms = independentIps(loggedLists({ ...input, marginal: { propensity: input.propensity, evaluation: input.evaluation } }));
    const value = sum(LISTS.map((list, i) => chanceOf(LOGGING, list) * (terms[i] ?? 0)));
    expect(Math.abs(value - trueValue(INDEPENDENT))).toBeGreaterThan(0.01);
  });

  it('cascade DR with a perfect model has no variance left, with a wrong one it is still unbiased', () => {
    const terms = cascadeDr(loggedLists(inputOf(CASCADE, perfect(CASCADE))));
    expect(roundSe(terms)).toBeLessThan(1e-15);
    expect(terms[0]).toBeCloseTo(trueValue(CASCADE), 12);
    expect(expectation(cascadeDr, CASCADE, WRONG)).toBeCloseTo(trueValue(CASCADE), 12);
  });

  it('the weaker the assumption, the larger the variance', () => {
    const varianceOf = (estimator: (lists: LoggedLists) => Float64Array): number => {
      const terms = estimator(loggedLists(inputOf(INDEPENDENT)));
      const mean = expectation(estimator, INDEPENDENT);
      return sum(LISTS.map((list, i) => chanceOf(LOGGING, list) * ((terms[i] ?? 0) - mean) ** 2));
    };
    const [independent, interaction, list] = [independentIps, rewardInteractionIps, listIps].map(varianceOf);
    expect(interaction).toBeGreaterThan(independent ?? Infinity);
    expect(list).toBeGreaterThan(interaction ?? Infinity);
  });
});

describe('lists of one slot', () => {
  it('are rounds: IPS three times, and DR', () => {
    const one: LoggedListsInput = {
      name: 'one',
      lists: 2,
      slots: 1,
      reward: Float64Array.of(3, 1),
      propensity: Float64Array.of(0.5, 0.5),
      evaluation: Float64Array.of(1, 0.25),
      marginal: { propensity: Float64Array.of(0.5, 0.5), evaluation: Float64Array.of(1, 0.25) },
      model: { actions: 2, action: Int32Array.of(0, 1), evaluation: Float64Array.of(1, 0, 0.75, 0.25), qHat: Float64Array.of(2, 0, 4, 2) },
    };
    for (const estimator of [listIps, independentIps, rewardInteractionIps]) expect([...estimator(loggedLists(one))]).toEqual([6, 0.5]);
    expect([...cascadeDr(loggedLists(one))]).toEqual([2 + 2 * 1, 3.5 - 0.5 * 1]);
  });
});

describe('refusals of lists', () => {
  const input = inputOf(CASCADE);
  const { marginal: _marginal, model: _model, ...bare } = input;
  const changed = (values: Float64Array, at: number, value: number): Float64Array => values.map((old, i) => (i === at ? value : old));
  const expectRefusal = (changes: Partial<LoggedListsInput>, code: string, place: string): void => {
    expect(() => loggedLists({ ...input, ...changes })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`case "enumerated", ${place}: `) }),
    );
  };

  it('name code, field, list and slot', () => {
    expectRefusal({ lists: 1 }, 'LOGGED_ROUNDS_INVALID', 'lists');
    expectRefusal({ slots: 3 }, 'LOGGED_ROUNDS_INVALID', 'reward');
    expectRefusal({ reward: changed(input.reward, 5, Infinity) }, 'LOGGED_ROUNDS_INVALID', 'reward[2][1]');
    expectRefusal({ propensity: changed(input.propensity, 4, 0) }, 'PROPENSITY_INVALID', 'propensity[2][0]');
    expectRefusal({ propensity: changed(input.propensity, 4, 1e-200) }, 'PROPENSITY_INVALID', 'propensity[2][0]');
    expectRefusal({ evaluation: changed(input.evaluation, 1, 1.2) }, 'LOGGED_ROUNDS_INVALID', 'evaluation[0][1]');
    expectRefusal({ evaluation: input.evaluation.map((p, i) => (i % 2 === 0 ? 0 : p)) }, 'NO_OVERLAP', 'evaluation');
    expectRefusal(
      { marginal: { propensity: changed(input.propensity, 0, -1), evaluation: input.evaluation } },
      'PROPENSITY_INVALID',
      'marginal.propensity[0][0]',
    );
    expectRefusal(
      { model: { ...input.model, qHat: changed(input.model.qHat, 7, Number.NaN) } },
      'LOGGED_ROUNDS_INVALID',
      'model.qHat[1][1]',
    );
    expectRefusal({ model: { ...input.model, action: new Int32Array(12).fill(3) } }, 'LOGGED_ROUNDS_INVALID', 'model.action[0][0]');
    expectRefusal(
      { model: { ...input.model, evaluation: changed(input.model.evaluation, 1, 0.9) } },
      'LOGGED_ROUNDS_INVALID',
      'model.evaluation[0][0]',
    );
    expectRefusal({ evaluation: changed(input.evaluation, 3, 0.011) }, 'LOGGED_ROUNDS_INVALID', 'model.evaluation[1][1]');
  });

  it('leave alone what the evaluated policy would do after a list that it never makes', () => {
    const never = input.model.evaluation.map((p, i) => (i < 6 ? ([0, 0.4, 0.6, 0, 0, 0][i] ?? 0) : p));
    const lists = loggedLists({
      ...input,
      evaluation: changed(changed(input.evaluation, 0, 0), 1, 0),
      model: { ...input.model, evaluation: never },
    });
    expect(listIps(lists)[0]).toBe(0);
  });

  it('say what an estimator needs and was not given', () => {
    expect(() => independentIps(loggedLists(bare))).toThrow(
      expect.objectContaining({ code: 'LOGGED_ROUNDS_INVALID', message: expect.stringContaining('marginal') }),
    );
    expect(() => cascadeDr(loggedLists(bare))).toThrow(expect.objectContaining({ code: 'REWARD_MODEL_MISSING' }));
  });
});
