import fc from 'fast-check';
import { aggregateReward, initialReward, rewardTotal, type RewardAggregation } from './aggregate-reward';

const spec = (aggregation: RewardAggregation['aggregation'], rest: Partial<RewardAggregation> = {}): RewardAggregation => ({
  aggregation,
  defaultReward: 0,
  min: -10,
  max: 10,
  ...rest,
});

function totalsOf(rule: RewardAggregation, rewards: readonly number[]): readonly number[] {
  let state = initialReward(rule);
  return rewards.map((reward) => {
    const next = aggregateReward(rule, state, reward);
    state = next.state;
    return next.total;
  });
}

describe('aggregateReward', () => {
  it.each([
    ['FIRST', [2, 2, 2]],
    ['SUM', [2, 7, 4]],
    ['MAX', [2, 5, 5]],
    ['LAST', [2, 5, -3]],
  ] as const)('%s of 2, 5, -3 goes through %j', (aggregation, totals) => {
    expect(totalsOf(spec(aggregation), [2, 5, -3])).toEqual(totals);
  });

  it.each(['FIRST', 'SUM', 'MAX', 'LAST'] as const)('%s replaces the default by the first reward counted', (aggregation) => {
    const rule = spec(aggregation, { defaultReward: 4 });
    expect(rewardTotal(rule, initialReward(rule))).toBe(4);
    expect(aggregateReward(rule, initialReward(rule), -2)).toEqual({ state: { value: -2, counted: 1 }, total: -2, delta: -6 });
  });

  it('lets a first reward of 0 stand against later ones', () => {
    expect(totalsOf(spec('FIRST', { defaultReward: 1 }), [0, 5])).toEqual([0, 0]);
  });

  it('caps the total, not what it is made of: a refund counts from the whole sum', () => {
    expect(totalsOf(spec('SUM', { max: 10 }), [8, 8, -5, -3])).toEqual([8, 10, 10, 8]);
    expect(totalsOf(spec('LAST', { min: 0 }), [-4, 3])).toEqual([0, 3]);
  });

  it.each([Number.NaN, Infinity])('refuses a reward of %d', (reward) => {
    expect(() => aggregateReward(spec('SUM'), initialReward(spec('SUM')), reward)).toThrow(
      expect.objectContaining({ code: 'REWARD_OUT_OF_RANGE' }),
    );
  });

  const rules = fc.record({
    aggregation: fc.constantFrom('FIRST' as const, 'SUM' as const, 'MAX' as const, 'LAST' as const),
    defaultReward: fc.integer({ min: -20, max: 20 }),
    min: fc.integer({ min: -15, max: 0 }),
    max: fc.integer({ min: 0, max: 15 }),
  });
  const rewards = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 12 });

  it('stays within its bounds, and its deltas add up to the total', () => {
    fc.assert(
      fc.property(rules, rewards, (rule, list) => {
        let state = initialReward(rule);
        let learned = rewardTotal(rule, state);
        for (const reward of list) {
          const next = aggregateReward(rule, state, reward);
          learned += next.delta;
          expect(next.total).toBe(learned);
          expect(next.total).toBeGreaterThanOrEqual(rule.min);
          expect(next.total).toBeLessThanOrEqual(rule.max);
          state = next.state;
        }
        expect(state.counted).toBe(list.length);
      }),
    );
  });

  it.each(['SUM', 'MAX'] as const)('%s does not depend on the order of arrival', (aggregation) => {
    fc.assert(
      fc.property(rules, rewards, (rule, list) => {
        const fixed = { ...rule, aggregation };
        expect(totalsOf(fixed, list).at(-1)).toBe(totalsOf(fixed, list.toReversed()).at(-1));
      }),
    );
  });
});
