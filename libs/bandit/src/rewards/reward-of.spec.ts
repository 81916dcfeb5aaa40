import type { RewardContribution, RewardFunction } from './reward-function';
import { rewardOf } from './reward-of';
import { aContribution, aReward, HOUR_MS, WINDOW_MS } from './reward.fixture';

const click = aContribution('CLICK', HOUR_MS);
const dismiss = aContribution('DISMISS', 3 * HOUR_MS);
const bought = (amountMinor: number | null, delayMs = 2 * HOUR_MS): RewardContribution =>
  aContribution('PURCHASE', delayMs, { amountMinor });
const refund = (over: Partial<RewardContribution> = {}, delayMs = 40 * HOUR_MS): RewardContribution =>
  aContribution('REFUND', delayMs, over);
const reward = (list: readonly RewardContribution[], over: Partial<RewardFunction> = {}): number =>
  rewardOf(list, aReward(over), WINDOW_MS);

describe('the reward of a trial', () => {
  it('is the default when nothing contributed: no event, or only events without a weight and without money', () => {
    expect(reward([], { defaultReward: 0.25 })).toBe(0.25);
    expect(reward([dismiss], { defaultReward: 0.25 })).toBe(0.25);
    expect(reward([bought(null)], { weights: {}, valueWeight: 1, defaultReward: 0.25 })).toBe(0.25);
  });

  it('is 0 rather than the default where an event of weight 0 contributed', () => {
    expect(reward([click], { weights: { CLICK: 0 }, defaultReward: 0.25 })).toBe(0);
  });

  it.each([
    ['FIRST', 1],
    ['SUM', 4],
    ['MAX', 5],
    ['LAST', -2],
  ] as const)('aggregates by %s in the order of the events', (aggregation, expected) => {
    expect(reward([dismiss, bought(null), click], { weights: { CLICK: 1, PURCHASE: 5, DISMISS: -2 }, aggregation })).toBe(expected);
  });

  it('takes the least bad by MAX when every contribution is a penalty', () => {
    const weights = { CLICK: -3, DISMISS: -2 };
    expect(reward([click, dismiss], { weights, aggregation: 'MAX' })).toBe(-2);
  });

  it('stays within its bounds, after the aggregation', () => {
    expect(reward([bought(5_000), click], { valueWeight: 0.01, max: 10 })).toBe(10);
    expect(
      reward(
        [click, click].map((one, i) => ({ ...one, eventId: `${i}` })),
        { weights: { CLICK: -70 } },
      ),
    ).toBe(-100);
  });
});

describe('the money of a purchase', () => {
  it.each<[string, Partial<RewardFunction>, number]>([
    ['by its amount', {}, 5 + 0.001 * 20_000],
    ['by its amount when told so', { valueTransform: { kind: 'NONE' } }, 25],
    ['up to the cap', { valueTransform: { kind: 'CAP', capMinor: 15_000 } }, 5 + 0.001 * 15_000],
    ['in full below the cap', { valueTransform: { kind: 'CAP', capMinor: 20_001 } }, 25],
    ['by its logarithm', { valueWeight: 2, valueTransform: { kind: 'LOG', scaleMinor: 5_000 } }, 5 + 2 * Math.log(5)],
    ['without a weight of its own', { weights: {} }, 20],
  ])('counts %s', (_, over, expected) => {
    expect(reward([bought(20_000)], { valueWeight: 0.001, ...over })).toBeCloseTo(expected, 12);
  });

  it('counts of purchases only, and not at all without an amount', () => {
    expect(reward([bought(null), { ...click, amountMinor: 900 }], { valueWeight: 1 })).toBe(6);
  });
});

describe('a discount by delay', () => {
  const exponential = { delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: HOUR_MS } } as const;
  const linear = { delayDiscount: { kind: 'LINEAR' } } as const;

  it('halves what an event earns, money included, with every half-life', () => {
    expect(reward([click], exponential)).toBe(0.5);
    expect(reward([bought(300)], { ...exponential, valueWeight: 0.01 })).toBe((5 + 3) / 4);
  });

  it('falls in a straight line to nothing at the end of the attribution window, and stays there', () => {
    expect(reward([aContribution('CLICK', 6 * HOUR_MS)], linear)).toBe(0.75);
    expect(reward([aContribution('CLICK', WINDOW_MS)], { ...linear, defaultReward: 0.5 })).toBe(0);
    expect(reward([refund()], { ...linear, weights: { REFUND: -1 } })).toBe(0);
  });

  it('gives nothing extra to a clock that runs behind', () => {
    for (const discount of [exponential, linear]) expect(reward([aContribution('CLICK', -HOUR_MS)], discount)).toBe(1);
  });

  it('applies to each contribution before they are aggregated', () => {
    const late = bought(null, 3 * HOUR_MS);
    const early = aContribution('CLICK', 0);
    expect(reward([early, late], { ...exponential, aggregation: 'MAX' })).toBe(1);
    expect(reward([early, late], { ...exponential, aggregation: 'SUM' })).toBe(1 + 5 / 8);
    expect(reward([early, late], { ...exponential, aggregation: 'LAST' })).toBe(5 / 8);
  });
});

describe('a refund', () => {
  const money = { weights: { PURCHASE: 5 }, valueWeight: 0.01 };

  it('takes a purchase away, or the part that it names; parts that add up to it take it away too', () => {
    expect(reward([bought(1_000)], money)).toBe(15);
    expect(reward([bought(1_000), refund()], money)).toBe(0);
    expect(reward([bought(1_000), refund({ amountMinor: 400 })], money)).toBe(11);
    const rest = refund({ eventId: 'rest', amountMinor: 600 });
    expect(reward([bought(1_000), refund({ amountMinor: 400 }), rest], { ...money, defaultReward: 2 })).toBe(2);
    expect(reward([bought(1_000), refund({ amountMinor: 9_999 })], money)).toBe(0);
    expect(reward([bought(null), refund({ amountMinor: 1 })], money)).toBe(0);
  });

  it('leaves a capped or logged purchase at the transform of what was kept, discounted by its own delay', () => {
    const capped = { ...money, valueTransform: { kind: 'CAP', capMinor: 700 } } as const;
    expect(reward([bought(1_000), refund({ amountMinor: 200 })], capped)).toBe(12); // 800 kept: still capped
    expect(reward([bought(1_000), refund({ amountMinor: 400 })], capped)).toBe(11); // 600 kept
    const logged = {
      valueTransform: { kind: 'LOG', scaleMinor: 100 },
      delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: HOUR_MS },
    } as const;
    expect(reward([bought(1_000), refund({ amountMinor: 400 })], { ...money, ...logged })).toBe((5 + 0.01 * Math.log1p(6)) / 4);
  });

  it('belongs to the purchase that it names, and to no other when that one is not here', () => {
    const first = { ...bought(1_000, HOUR_MS), eventId: 'first' };
    const second = { ...bought(3_000, 2 * HOUR_MS), eventId: 'second' };
    expect(reward([first, second, refund({ refundOf: 'first' })], money)).toBe(35);
    expect(reward([first, second, refund({ refundOf: 'elsewhere' })], money)).toBe(50);
  });

  it('without a name belongs to the latest purchase before it that still stands', () => {
    const first = { ...bought(1_000, HOUR_MS), eventId: 'first' };
    const second = { ...bought(3_000, 5 * HOUR_MS), eventId: 'second' };
    expect(reward([first, second, refund({}, 2 * HOUR_MS)], money)).toBe(35);
    expect(reward([first, second, refund({}, 6 * HOUR_MS)], money)).toBe(15);
    expect(reward([first, second, refund({}, 6 * HOUR_MS), refund({}, 7 * HOUR_MS)], money)).toBe(0);
    // A clock that runs behind: the refund seems older than anything that was bought.
    expect(reward([first, second, refund({}, 0)], money)).toBe(35);
  });

  it('can cost something itself, and does nothing else with a weight of 0', () => {
    expect(reward([bought(1_000), refund()], { ...money, weights: { PURCHASE: 5, REFUND: -2 } })).toBe(-2);
    const free = { weights: { CLICK: 1, PURCHASE: 5, REFUND: 0 }, aggregation: 'LAST' } as const;
    expect(reward([click, bought(1_000), refund()], free)).toBe(1);
  });
});
