import { invariant } from '@vitrine/kernel';
import { createPolicy } from '../policies/policy-registry';
import type { Policy } from '../policy';
import type { BanditInstance } from './bandit-instance';
import { ARRIVALS_INSTANCE, BERNOULLI_INSTANCE, KINDS_INSTANCE, LINEAR_INSTANCE, SWITCHING_INSTANCE } from './instances';
import { simulateRegret } from './regret-run';

function built(name: string, { dimension }: BanditInstance, params: Record<string, unknown> = {}): Policy {
  const policy = createPolicy({ name, params }, dimension);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

const curveOf = (
  name: string,
  instance: BanditInstance,
  options: { readonly seed?: number; readonly params?: Record<string, unknown> } = {},
) => simulateRegret({ policy: built(name, instance, options.params), instance, seed: options.seed ?? 1, floor: 0, points: 10 });
const short = (instance: BanditInstance, horizon: number): BanditInstance => ({ ...instance, horizon });
const INSTANCES = [BERNOULLI_INSTANCE, SWITCHING_INSTANCE, LINEAR_INSTANCE, ARRIVALS_INSTANCE, KINDS_INSTANCE];

describe('pseudo-regret', () => {
  it('of always showing one banner is the gap times the rounds, exactly', () => {
    const curve = curveOf('fixed-order', BERNOULLI_INSTANCE, { params: { order: ['banner-3'] } });
    expect(curve[9]).toBeCloseTo(10_000 * (0.2 - 0.08), 6);
    expect(curve[0]).toBeCloseTo(1_000 * (0.2 - 0.08), 6);
  });

  it('of the best banner is nothing, until the rates are dealt anew', () => {
    expect(curveOf('fixed-order', BERNOULLI_INSTANCE, { params: { order: ['banner-9'] } })[9]).toBe(0);
    const curve = curveOf('fixed-order', SWITCHING_INSTANCE, { params: { order: ['banner-9'] } });
    const perPoint = Array.from(curve, (value, i) => (value - (curve[i - 1] ?? 0)) / 1_000);
    expect(new Set([perPoint[0], perPoint[1]].map((value) => value?.toFixed(9))).size).toBe(1);
    expect(new Set([0, 3, 6, 9].map((i) => perPoint[i]?.toFixed(6))).size).toBeGreaterThan(1);
  });

  it.each(INSTANCES.map((instance) => [instance.name, instance] as const))('never falls, and repeats with its seed: %s', (_, instance) => {
    const curve = curveOf('uniform', short(instance, 1_000));
    curve.forEach((value, i) => expect(value).toBeGreaterThanOrEqual(curve[i - 1] ?? 0));
    expect(curveOf('uniform', short(instance, 1_000))).toEqual(curve);
    expect(curveOf('uniform', short(instance, 1_000), { seed: 2 })).not.toEqual(curve);
  });

  it('is smaller for a policy that learns than for uniform choice', () => {
    const learning = curveOf('linear-thompson', short(LINEAR_INSTANCE, 2_000))[9] ?? Number.NaN;
    expect(learning).toBeLessThan(0.5 * (curveOf('uniform', short(LINEAR_INSTANCE, 2_000))[9] ?? 0));
  });
});

describe.each(INSTANCES.map((instance) => [instance.name, instance] as const))('the instance %s', (_, instance) => {
  it('has rates that are probabilities, and contexts in [-1, 1] with a constant', () => {
    let seed = 0;
    const world = instance.begin(() => (seed = (seed * 16_807 + 11) % 2_147_483_647) / 2_147_483_647);
    const [context, rates] = [new Float64Array(instance.dimension), new Float64Array(instance.banners.length)];
    for (let round = 0; round < instance.horizon; round++) {
      world.enter(round, context, rates);
      expect(context[0]).toBe(1);
      expect(context.every((value) => Math.abs(value) <= 1)).toBe(true);
      expect(rates.every((rate) => rate === -1 || (rate >= 0 && rate <= 1))).toBe(true);
      expect(rates[0]).toBeGreaterThanOrEqual(0);
    }
    expect(rates.every((rate) => rate >= 0)).toBe(true); // everybody has arrived in the end
  });
});
