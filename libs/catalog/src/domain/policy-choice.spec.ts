import { aPlacement } from './catalog.fixtures';
import { chosenPolicy } from './policy-choice';
import type { FeatureSpec } from './types';

const CLICKS = aPlacement().reward;
const DEVICE: FeatureSpec = { name: 'device', source: { kind: 'segment' }, encoding: { kind: 'hash', buckets: 2 } };

describe('chosenPolicy', () => {
  it('is auto with features and beta-thompson without, unless it is named', () => {
    expect(chosenPolicy({ params: {}, floor: 0.1 }, [DEVICE], CLICKS)).toEqual({ name: 'auto', params: {}, floor: 0.1 });
    expect(chosenPolicy({ name: null, params: {}, floor: 0 }, [], CLICKS)).toEqual({ name: 'beta-thompson', params: {}, floor: 0 });
    expect(chosenPolicy({ name: 'uniform', params: {}, floor: 0 }, [DEVICE], CLICKS).name).toBe('uniform');
  });

  it('tells a policy that it chose itself the bounds of the rewards, and leaves given parameters alone', () => {
    const wide = { ...CLICKS, min: -2, max: 5 };
    expect(chosenPolicy({ params: {}, floor: 0 }, [], wide).params).toEqual({ rewardMin: -2, rewardMax: 5 });
    expect(chosenPolicy({ params: { alpha: 2 }, floor: 0 }, [], wide).params).toEqual({ alpha: 2 });
    expect(chosenPolicy({ name: 'beta-thompson', params: {}, floor: 0 }, [], wide).params).toEqual({});
  });

  it('leaves stickiness out where it is off', () => {
    expect(chosenPolicy({ params: {}, floor: 0, sticky: null }, [], CLICKS)).not.toHaveProperty('sticky');
    expect(chosenPolicy({ params: {}, floor: 0, sticky: { periodMinutes: 60 } }, [], CLICKS).sticky).toEqual({ periodMinutes: 60 });
  });

  it.each([
    [{ floor: 1 }, 'policy.floor'],
    [{ floor: -0.1 }, 'policy.floor'],
    [{ floor: Number.NaN }, 'policy.floor'],
    [{ floor: 0, sticky: { periodMinutes: 0 } }, 'policy.sticky.periodMinutes'],
    [{ floor: 0, sticky: { periodMinutes: 1.5 } }, 'policy.sticky.periodMinutes'],
    [{ floor: 0, sticky: { periodMinutes: 525_601 } }, 'policy.sticky.periodMinutes'],
  ])('refuses %j', (asked, field) => {
    expect(() => chosenPolicy({ params: {}, ...asked }, [], CLICKS)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { field } }),
    );
  });
});
