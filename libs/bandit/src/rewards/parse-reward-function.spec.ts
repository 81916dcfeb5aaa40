import { parseRewardFunction } from './parse-reward-function';
import { aReward } from './reward.fixture';

const faultOf = (data: unknown): unknown => {
  const parsed = parseRewardFunction(data);
  return parsed.ok ? null : parsed.error;
};

describe('reading data as a reward function', () => {
  it.each<[string, object]>([
    ['the fields that are needed', {}],
    ['a cap and a half-life', { valueTransform: { kind: 'CAP', capMinor: 1 }, delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: 1 } }],
    ['a logarithm and a line', { valueTransform: { kind: 'LOG', scaleMinor: 5_000 }, delayDiscount: { kind: 'LINEAR' } }],
    ['what says no', { valueTransform: { kind: 'NONE' }, delayDiscount: { kind: 'NONE' } }],
    ['no weight at all', { weights: {} }],
    ['a default on its bound', { defaultReward: -100 }],
  ])('takes %s', (_, over) => {
    const data = { ...aReward(), ...over };
    expect(parseRewardFunction(data)).toEqual({ ok: true, value: data });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no object', [aReward()], '', /object/],
    ['a field that means nothing', { ...aReward(), cap: 5 }, '', /only$/],
    ['weights in a list', { ...aReward(), weights: [] }, 'weights', /object/],
    ['an event that earns nothing', { ...aReward(), weights: { DWELL: 1 } }, 'weights', /one of CLICK, PURCHASE/],
    ['a weight that is no number', { ...aReward(), weights: { CLICK: '1' } }, 'weights.CLICK', /finite number/],
    ['a weight that is not finite', { ...aReward(), weights: { CLICK: Number.NaN } }, 'weights.CLICK', /finite number/],
    ['a weight beyond all measure', { ...aReward(), weights: { CLICK: 1e300 } }, 'weights.CLICK', /finite number/],
    ['an infinite value weight', { ...aReward(), valueWeight: Number.POSITIVE_INFINITY }, 'valueWeight', /finite number/],
    ['an unknown aggregation', { ...aReward(), aggregation: 'MEAN' }, 'aggregation', /one of FIRST, SUM, MAX, LAST/],
    ['no aggregation', { ...aReward(), aggregation: undefined }, 'aggregation', /one of/],
    ['bounds that hold nothing', { ...aReward(), min: 2, max: 2, defaultReward: 2 }, 'max', /greater than min/],
    ['a bound that is missing', { ...aReward(), min: undefined }, 'min', /finite number/],
    ['a default above the bounds', { ...aReward(), defaultReward: 101 }, 'defaultReward', /\[min, max\]/],
    ['a default below the bounds', { ...aReward(), defaultReward: -101 }, 'defaultReward', /\[min, max\]/],
    ['a transform that is a word', { ...aReward(), valueTransform: 'LOG' }, 'valueTransform', /object/],
    ['a transform of null', { ...aReward(), valueTransform: null }, 'valueTransform', /object/],
    ['an unknown transform', { ...aReward(), valueTransform: { kind: 'SQRT' } }, 'valueTransform.kind', /one of NONE, CAP, LOG/],
    ['a cap without its amount', { ...aReward(), valueTransform: { kind: 'CAP' } }, 'valueTransform.capMinor', /positive whole number/],
    ['a cap of 0', { ...aReward(), valueTransform: { kind: 'CAP', capMinor: 0 } }, 'valueTransform.capMinor', /positive whole number/],
    ['a cap of half a cent', { ...aReward(), valueTransform: { kind: 'CAP', capMinor: 0.5 } }, 'valueTransform.capMinor', /whole/],
    ['a scale below 0', { ...aReward(), valueTransform: { kind: 'LOG', scaleMinor: -1 } }, 'valueTransform.scaleMinor', /positive/],
    [
      'the parameter of another kind',
      { ...aReward(), valueTransform: { kind: 'LOG', scaleMinor: 1, capMinor: 1 } },
      'valueTransform.capMinor',
      /no parameter of LOG/,
    ],
    ['a parameter of nothing', { ...aReward(), valueTransform: { kind: 'NONE', top: 1 } }, 'valueTransform', /may hold kind only/],
    ['an unknown discount', { ...aReward(), delayDiscount: { kind: 'toString' } }, 'delayDiscount.kind', /one of NONE, EXPONENTIAL/],
    ['a half-life of 0', { ...aReward(), delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: 0 } }, 'delayDiscount.halfLifeMs', /positive/],
    ['a half-life of a line', { ...aReward(), delayDiscount: { kind: 'LINEAR', halfLifeMs: 5 } }, 'delayDiscount.halfLifeMs', /LINEAR/],
  ])('refuses %s and names the place', (_, data, field, reason) => {
    expect(faultOf(data)).toEqual({ code: 'BAD_USER_INPUT', field, reason: expect.stringMatching(reason) });
  });
});
