import fc from 'fast-check';
import { aReward, aTrial, foldAll } from '../fixtures';
import { ADVERSARIAL, adversarialFamily } from './adversarial.family';

const propensity = fc.double({ min: 0.01, max: 1, noNaN: true });
const reward = fc.double({ min: 0, max: 1, noNaN: true });
const entry = fc.record({ kind: fc.constantFrom('TRIAL' as const, 'REWARD' as const), reward, before: reward, propensity }).map(aTrial);
const entries = fc.array(entry, { maxLength: 40 });

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe.each([0, 0.05])('the adversarial family with gamma %d', (gamma) => {
  const family = adversarialFamily(gamma);

  it('takes out what it added, to 1e-9', () => {
    fc.assert(
      fc.property(entries, entries, (kept, removed) => {
        const before = foldAll(family, kept);
        const after = foldAll(family, removed, before.slice());
        removed.forEach((observation) => family.unfold(after, observation));
        expect(farthest(after, before)).toBeLessThan(1e-9);
      }),
    );
  });

  it('merges two folds into the fold of both', () => {
    fc.assert(
      fc.property(entries, entries, (left, right) => {
        const merged = foldAll(family, left);
        family.merge(merged, foldAll(family, right));
        expect(farthest(merged, foldAll(family, [...left, ...right]))).toBeLessThan(1e-9);
      }),
    );
  });

  it('counts a trial with a later difference like a trial with the whole reward', () => {
    fc.assert(
      fc.property(reward, reward, propensity, (initial, final, p) => {
        const late = foldAll(family, [
          aTrial({ reward: initial, propensity: p }),
          aReward({ reward: final - initial, before: initial, propensity: p }),
        ]);
        expect(farthest(late, foldAll(family, [aTrial({ reward: final, propensity: p })]))).toBeLessThan(1e-9);
      }),
    );
  });

  it('weighs gains and losses by one over the propensity, gamma added', () => {
    const statistics = foldAll(family, [aTrial({ reward: 1, propensity: 0.2 }), aTrial({ reward: 0.25, propensity: 0.5 })]);
    expect(statistics[ADVERSARIAL.trials]).toBe(2);
    expect(statistics[ADVERSARIAL.gainSum]).toBeCloseTo(1 / (0.2 + gamma) + 0.25 / (0.5 + gamma), 12);
    expect(statistics[ADVERSARIAL.lossSum]).toBeCloseTo(0.75 / (0.5 + gamma), 12);
  });
});

it('refuses an implicit exploration that is no probability', () => {
  expect(() => adversarialFamily(-0.1)).toThrow('implicit exploration');
});
