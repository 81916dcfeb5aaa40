import fc from 'fast-check';
import { parseRewardFunction } from './parse-reward-function';
import { REWARD_AGGREGATIONS, REWARD_EVENT_TYPES, type RewardContribution, type RewardFunction } from './reward-function';
import { rewardOf } from './reward-of';
import { aContribution, WINDOW_MS } from './reward.fixture';

const weight = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const positive = fc.integer({ min: 1, max: 2 ** 31 });
const valueTransform = fc.oneof(
  fc.constant({ kind: 'NONE' } as const),
  positive.map((capMinor) => ({ kind: 'CAP', capMinor }) as const),
  positive.map((scaleMinor) => ({ kind: 'LOG', scaleMinor }) as const),
);
const delayDiscount = fc.oneof(
  fc.constantFrom({ kind: 'NONE' } as const, { kind: 'LINEAR' } as const),
  positive.map((halfLifeMs) => ({ kind: 'EXPONENTIAL', halfLifeMs }) as const),
);
const weights = fc.dictionary(fc.constantFrom(...REWARD_EVENT_TYPES), weight).map((table) => ({ ...table }));
const rule: fc.Arbitrary<RewardFunction> = fc.record(
  {
    weights,
    valueWeight: weight,
    valueTransform,
    delayDiscount,
    aggregation: fc.constantFrom(...REWARD_AGGREGATIONS),
    defaultReward: fc.double({ min: -1, max: 1, noNaN: true }),
    min: fc.double({ min: -1e6, max: -1, noNaN: true }),
    max: fc.double({ min: 1, max: 1e6, noNaN: true }),
  },
  { requiredKeys: ['weights', 'valueWeight', 'aggregation', 'defaultReward', 'min', 'max'] },
);
const amount = fc.integer({ min: 0, max: 1_000_000_000 });
const contributions: fc.Arbitrary<readonly RewardContribution[]> = fc
  .array(
    fc.record({
      type: fc.constantFrom(...REWARD_EVENT_TYPES),
      // Few instants, so that events often share one.
      delayMs: fc.oneof(fc.constantFrom(0, 60_000, WINDOW_MS), fc.integer({ min: -600_000, max: 2 * WINDOW_MS })),
      amountMinor: fc.option(amount),
      refundOf: fc.option(fc.nat({ max: 12 }).map((i) => `e${i}`)),
    }),
    { maxLength: 12 },
  )
  .map((list) => list.map((one, i) => ({ ...one, eventId: `e${i}` })));
const shuffledCopy = <T>(list: readonly T[], keys: readonly number[]): readonly T[] =>
  list
    .map((value, i) => ({ value, key: keys[i] ?? 0 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);

describe('the reward of a trial, whatever the function', () => {
  it('is the same number to the last bit in whatever order the contributions come', () => {
    fc.assert(
      fc.property(contributions, rule, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (list, under, keys) => {
        expect(rewardOf(shuffledCopy(list, keys), under, WINDOW_MS)).toBe(rewardOf(list, under, WINDOW_MS));
      }),
      { numRuns: 1_000 },
    );
  });

  it('lies within the bounds, and is valid data that survives JSON', () => {
    fc.assert(
      fc.property(contributions, rule, (list, under) => {
        const reward = rewardOf(list, under, WINDOW_MS);
        expect(reward >= under.min && reward <= under.max && !Object.is(reward, -0)).toBe(true);
        const stored = parseRewardFunction(JSON.parse(JSON.stringify(under)));
        expect(stored.ok && rewardOf(list, stored.value, WINDOW_MS)).toBe(reward);
      }),
    );
  });

  it('after a partial refund is that of a purchase of what was kept; after a full one, of none', () => {
    const split = fc.tuple(amount, amount).filter(([kept, back]) => kept > 0 && back > 0);
    fc.assert(
      fc.property(contributions, rule, split, fc.integer({ min: 0, max: WINDOW_MS }), (list, rules, [kept, back], delayMs) => {
        const others = list.filter(({ type }) => type !== 'REFUND');
        const under = { ...rules, weights: { ...rules.weights, REFUND: 0 } };
        const bought = (amountMinor: number) => aContribution('PURCHASE', delayMs, { eventId: 'p', amountMinor });
        const refund = (amountMinor: number | null) => aContribution('REFUND', delayMs + 1, { amountMinor, refundOf: 'p' });
        const whole = bought(kept + back);
        expect(rewardOf([...others, whole, refund(back)], under, WINDOW_MS)).toBe(rewardOf([...others, bought(kept)], under, WINDOW_MS));
        for (const all of [null, kept + back]) {
          expect(rewardOf([...others, whole, refund(all)], under, WINDOW_MS)).toBe(rewardOf(others, under, WINDOW_MS));
        }
      }),
    );
  });

  it('never grows with the delay of a contribution that earns something', () => {
    const delays = fc.tuple(fc.integer({ min: -1_000, max: 2 * WINDOW_MS }), fc.integer({ min: 0, max: WINDOW_MS }));
    fc.assert(
      fc.property(rule, amount, delays, (rules, amountMinor, [delayMs, more]) => {
        const under = { ...rules, weights: { PURCHASE: 1 }, valueWeight: Math.abs(rules.valueWeight) };
        const rewardAt = (delay: number) => rewardOf([aContribution('PURCHASE', delay, { amountMinor })], under, WINDOW_MS);
        expect(rewardAt(delayMs + more)).toBeLessThanOrEqual(rewardAt(delayMs));
      }),
    );
  });
});
