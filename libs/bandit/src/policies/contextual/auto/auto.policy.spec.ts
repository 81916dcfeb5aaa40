import { bannerId, invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { anArm, aPoint, aReward, aTrial } from '../../../fixtures';
import type { ArmModel, Policy } from '../../../policy';
import { LearnedState } from '../../../runtime/learned-state';
import { OnlineLearner } from '../../../runtime/online-learner';
import type { Observation } from '../../../statistics/statistics-family';
import { createPolicy } from '../../policy-registry';
import { autoArm } from './auto-arm';
import { autoPool } from './auto-pool';
import { LEARNERS } from './learners';
import { naiveAuto, type NaiveTrial } from './naive-auto.fixture';

const ALL = LEARNERS.map(({ name }) => name);

function built(dimension: number, params: Record<string, unknown> = {}): Policy {
  const policy = createPolicy({ name: 'auto', params }, dimension);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

interface World {
  readonly dimension: number;
  readonly banners: number;
  readonly trials: number;
  readonly seed: number;
  /** Size of what all banners have in common, of what each has of its own, of products, and of the noise. */
  readonly truth: { readonly common: number; readonly own: number; readonly product: number; readonly noise: number };
}

const aContext = (dimension: number, rng: Rng): number[] => Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : 2 * rng() - 1));
const nameOf = (banner: number): string => `banner-${banner}`;

interface LivedTrial extends NaiveTrial {
  /** What came in for it: the trial with its default reward, then corrections. */
  readonly entries: readonly Observation[];
}

/** Trials whose default reward, 0.25, is corrected once, twice or never. */
function historyOf({ dimension, banners, trials, seed, truth }: World): LivedTrial[] {
  const rng = rngFromNumber(seed);
  const vector = (size: number): number[] => Array.from({ length: dimension }, () => size * (2 * rng() - 1));
  const common = vector(truth.common);
  const own = Array.from({ length: banners }, () => vector(truth.own));
  return Array.from({ length: trials }, (_, i) => {
    const context = aContext(dimension, rng);
    const banner = Math.floor(rng() * banners);
    const product = truth.product * (context[1] ?? 0) * (context[2] ?? 0);
    const mean = context.reduce((sum, value, j) => sum + value * ((common[j] ?? 0) + (own[banner]?.[j] ?? 0)), product);
    const earned = i % 4 === 0 ? 0.25 : mean + truth.noise * (2 * rng() - 1);
    return { banner: nameOf(banner), context, reward: earned, entries: entriesFor(context, earned, { key: i, detour: i % 3 === 0 }) };
  });
}

/** @param detour the reward comes too high and is taken back in part */
function entriesFor(context: readonly number[], earned: number, { key, detour }: { key: number; detour: boolean }): Observation[] {
  const point = { context: Float64Array.from(context), key };
  const trial = aTrial({ ...point, reward: 0.25 });
  if (earned === 0.25) return [trial];
  const first = detour ? earned + 0.5 : earned;
  const correction = aReward({ ...point, reward: first - 0.25, before: 0.25 });
  return detour ? [trial, correction, aReward({ ...point, reward: earned - first, before: first })] : [trial, correction];
}

function stateOf(policy: Policy, history: readonly LivedTrial[]): LearnedState {
  const statistics = new Map<ReturnType<typeof bannerId>, Float64Array>();
  for (const { banner, entries } of history) {
    const numbers = statistics.get(bannerId(banner)) ?? new Float64Array(policy.family.length);
    statistics.set(bannerId(banner), numbers);
    for (const entry of entries) policy.family.fold(numbers, entry);
  }
  return LearnedState.of({ policy, revision: 1, statistics });
}

function decide(state: LearnedState, eligible: readonly string[], context: readonly number[]): number[] {
  const out = new Float64Array(eligible.length).fill(Number.NaN);
  state.distribution(
    eligible.map((id) => bannerId(id)),
    { context: Float64Array.from(context), at: 0 },
    out,
  );
  return [...out];
}

const farthest = (a: Iterable<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN)) / Math.max(1, Math.abs(value))), 0);

const banners = (n: number): string[] => Array.from({ length: n }, (_, i) => nameOf(i));

const PLAIN = { common: 0.2, own: 0.6, product: 0, noise: 0.4 };
const ALIKE = { common: 1.2, own: 0.15, product: 0, noise: 0.3 };
const CURVED = { common: 0, own: 0.3, product: 1.5, noise: 0.15 };
const NOISY = { common: 0, own: 0.05, product: 0, noise: 1.5 };

interface Case {
  readonly title: string;
  readonly world: World;
  readonly params: Record<string, unknown>;
  /** Besides the tried ones. */
  readonly untried: number;
}

const CASES: readonly Case[] = [
  { title: 'every learner', world: { dimension: 3, banners: 5, trials: 120, seed: 1, truth: PLAIN }, params: {}, untried: 0 },
  { title: 'products that matter', world: { dimension: 3, banners: 4, trials: 200, seed: 2, truth: CURVED }, params: {}, untried: 1 },
  { title: 'banners that are alike', world: { dimension: 4, banners: 6, trials: 90, seed: 3, truth: ALIKE }, params: {}, untried: 1 },
  { title: 'little but noise', world: { dimension: 3, banners: 4, trials: 60, seed: 4, truth: NOISY }, params: {}, untried: 0 },
  {
    title: 'a context too long for products',
    world: { dimension: 5, banners: 5, trials: 150, seed: 5, truth: PLAIN },
    params: { quadraticUpTo: 4 },
    untried: 2,
  },
  {
    title: 'the common learner alone',
    world: { dimension: 4, banners: 5, trials: 80, seed: 6, truth: ALIKE },
    params: { learners: ['common-10'] },
    untried: 2,
  },
  {
    title: 'quadratic learners alone',
    world: { dimension: 3, banners: 3, trials: 80, seed: 7, truth: CURVED },
    params: { learners: ['quadratic-1', 'quadratic-10'] },
    untried: 1,
  },
  {
    title: 'learners between which the data can hardly tell',
    world: { dimension: 3, banners: 4, trials: 25, seed: 8, truth: PLAIN },
    params: { learners: ['ridge-0.3', 'ridge-3', 'quadratic-1'] },
    untried: 1,
  },
  {
    title: 'strong shrinkage and sharing',
    world: { dimension: 3, banners: 4, trials: 40, seed: 9, truth: ALIKE },
    params: { learners: ['ridge-10', 'ridge-30', 'common-10', 'quadratic-10'] },
    untried: 0,
  },
  {
    title: 'many banners, most of which cannot lead',
    world: { dimension: 3, banners: 40, trials: 700, seed: 10, truth: { ...PLAIN, own: 0.5, noise: 1 } },
    params: { learners: ['ridge-1', 'ridge-3', 'common-10', 'quadratic-10'] },
    untried: 0,
  },
  { title: 'one banner', world: { dimension: 2, banners: 1, trials: 10, seed: 11, truth: PLAIN }, params: {}, untried: 0 },
];

describe.each(CASES)('auto with $title', ({ world, params, untried }) => {
  const policy = built(world.dimension, params);
  const history = historyOf(world);
  const state = stateOf(policy, history);
  const eligible = [...banners(world.banners), ...Array.from({ length: untried }, (_, i) => `untried-${i}`)];
  const question = (context: readonly number[]) => ({
    learners: Array.isArray(params['learners']) ? params['learners'].map(String) : ALL,
    quadratic: params['quadraticUpTo'] === undefined,
    trials: history,
    eligible,
    context,
  });

  it('decides as its definition, computed from the trials one by one, to 1e-9', () => {
    const rng = rngFromNumber(100 + world.seed);
    for (let i = 0; i < 3; i++) {
      const context = aContext(world.dimension, rng);
      const naive = naiveAuto(question(context));
      expect(farthest(decide(state, eligible, context), naive.distribution)).toBeLessThan(1e-9);
    }
  });

  it('trusts learners by their scores of every reward before it came, and takes the noise from what they missed, to 1e-9', () => {
    const { shares, noise } = naiveAuto(question(aContext(world.dimension, rngFromNumber(world.seed))));
    const pool = autoPool(state.pool());
    expect(farthest(pool.shares, shares)).toBeLessThan(1e-9);
    expect(Math.abs(pool.noise / noise - 1)).toBeLessThan(1e-9);
  });
});

// Guards the comparison above: where one learner held everything, weighing them would not be tested.
it('is compared where several learners are trusted, and where most banners are passed over', () => {
  const trusted = CASES.map(({ world, params }) => {
    const pool = autoPool(stateOf(built(world.dimension, params), historyOf(world)).pool());
    return pool.shares.filter((share) => share > 0.01).length;
  });
  expect(trusted.filter((learners) => learners >= 2).length).toBeGreaterThanOrEqual(4);
  const crowded = CASES.find(({ world }) => world.banners === 40);
  invariant(crowded !== undefined, 'there is a crowded case');
  const state = stateOf(built(3, crowded.params), historyOf(crowded.world));
  const asked = Array.from({ length: 40 }, (_, i) => [1, i / 40, i % 2 === 0 ? -i / 40 : i / 40]);
  const leading = asked.map((context) => decide(state, banners(40), context).filter((share) => share > 0).length);
  expect(Math.max(...leading)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...leading)).toBeLessThan(12);
});

describe('a banner that nobody tried', () => {
  const policy = built(3);
  const state = stateOf(policy, historyOf({ dimension: 3, banners: 3, trials: 200, seed: 21, truth: { ...PLAIN, noise: 1 } }));

  it('shares evenly with its like while nobody was tried', () => {
    const empty = LearnedState.of({ policy, revision: 0, statistics: new Map() });
    expect(decide(empty, ['a', 'b', 'c', 'd'], [1, 0.5, -2])).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(decide(empty, ['a'], [0, 0, 0])).toEqual([1]);
  });

  it('has the chance that its uncertainty gives it, the same for two of them', () => {
    const context = [1, 0.5, 0.5];
    const p = decide(state, [...banners(3), 'new', 'newer'], context);
    expect(p[3]).toBe(p[4]);
    expect(p[3] ?? 0).toBeGreaterThan(0);
  });

  it('keeps its model when another that had the same is taught', () => {
    const learner = new OnlineLearner(policy);
    const ids = ['a', 'b'].map((id) => bannerId(id));
    const out = new Float64Array(2);
    const point = { context: Float64Array.of(1, 0.5, 0.5), at: 0 };
    learner.distribution(ids, point, out);
    for (let i = 0; i < 40; i++) learner.observe(bannerId('a'), aTrial({ context: point.context, reward: 1, key: i }));
    learner.distribution(ids, point, out);
    const taught = out.slice();
    new OnlineLearner(policy).distribution(ids, point, out);
    expect([...out]).toEqual([0.5, 0.5]);
    expect(taught[0] ?? 0).toBeGreaterThan(0.5);
  });
});

/** Numbers of a model that `derive` gives: every score, and inverses where decisions read them. */
function numbersOf(model: ArmModel): number[] {
  const { fitted, linear, quadratic, trials } = autoArm(model);
  const shared = fitted.filter(({ learner }) => learner.commonRidge !== null).map(({ regression }) => regression);
  const inverted = [linear.regression, ...(quadratic === null ? [] : [quadratic.regression]), ...shared];
  return [
    trials,
    ...fitted.flatMap(({ regression }) => [...regression.weights, regression.logDeterminant, regression.residual]),
    ...inverted.flatMap(({ inverse, weights }) => [...inverse, ...weights]),
  ];
}

describe.each([
  { title: 'with products', dimension: 4, params: {} },
  { title: 'without products', dimension: 6, params: { quadraticUpTo: 0 } },
])('a model that follows, $title', ({ dimension, params }) => {
  const policy = built(dimension, params);
  // About 1,900 entries of one banner: past the refit after 1,024.
  const entries = historyOf({ dimension, banners: 1, trials: 1000, seed: 31, truth: PLAIN }).flatMap((trial) => trial.entries);

  it('is what deriving anew gives, to 1e-9, with corrections and through the refit', () => {
    expect(entries.filter(({ kind }) => kind === 'REWARD').length).toBeGreaterThan(700);
    expect(entries.length).toBeGreaterThan(1100);
    const statistics = new Float64Array(policy.family.length);
    const [first, ...rest] = entries;
    invariant(first !== undefined, 'there are entries');
    policy.family.fold(statistics, first);
    const model = policy.derive(anArm('followed'), statistics);
    const other = policy.derive(anArm('other'), null);
    const context = Float64Array.from(aContext(dimension, rngFromNumber(5)));
    let compared = 0;
    rest.forEach((entry, i) => {
      policy.family.fold(statistics, entry);
      policy.follow?.(model, statistics, entry);
      if (i % 97 !== 0 && !(i > 1018 && i < 1028) && i !== rest.length - 1) return;
      const derived = policy.derive(anArm('derived'), statistics);
      expect(farthest(numbersOf(model), numbersOf(derived))).toBeLessThan(1e-9);
      const shares = [model, derived].map((arm) => {
        const out = new Float64Array(2);
        policy.distribution([arm, other], aPoint(context, { pool: policy.pool?.derive([arm], null) }), out);
        return out;
      });
      expect(farthest(shares[0] ?? [], shares[1] ?? [])).toBeLessThan(1e-9);
      compared++;
    });
    expect(compared).toBeGreaterThan(20);
  });
});

describe('its learners', () => {
  it('are refused by name when there is none of that name', () => {
    expect(createPolicy({ name: 'auto', params: { learners: ['ridge-1', 'ridge-2'] } }, 3)).toMatchObject({
      ok: false,
      error: { code: 'POLICY_PARAMETER_INVALID', parameter: 'learners', message: expect.stringContaining('ridge-2') },
    });
  });

  it.each([[[]], [['quadratic-1']]])('are refused when none of %j runs at the dimension', (learners) => {
    expect(createPolicy({ name: 'auto', params: { learners } }, 13)).toMatchObject({
      ok: false,
      error: { code: 'POLICY_PARAMETER_INVALID', parameter: 'learners', message: expect.stringContaining('at least one') },
    });
  });

  it('lie in the statistics of linear policies when no products are learned', () => {
    const [plain, quadratic] = [built(6, { quadraticUpTo: 5 }), built(5, { quadraticUpTo: 5 })];
    expect(plain.family.length).toBe(3 + 6 + 21);
    expect(quadratic.family.length).toBe(3 + 15 + 120);
  });
});
