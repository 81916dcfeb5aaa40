import fc from 'fast-check';
import { placementId, visitorHash } from '@vitrine/kernel';
import { eligibleBanners, placementInputs, weightedPolicy } from '../fixtures';
import { decidePlacement } from './decide-placement';
import { isHeldOut } from './holdout';
import { maxError, refillsEqually, rederive } from './replay-record';
import { pacingDraw } from './pacing-draw';
import { campaignId } from '@vitrine/kernel';

const seeds = fc.uint32Array({ minLength: 4, maxLength: 4 });
const weights = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('decidePlacement', () => {
  it('gives every banner its floor, sums to 1, never repeats a banner, and is replayed by its record', () => {
    fc.assert(
      fc.property(
        weights,
        seeds,
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (weight, seed, slots, floor) => {
          const eligible = eligibleBanners(weight.length);
          const policy = weightedPolicy((id) => weight[Number(id.slice(1))] ?? 0, { floor });
          const inputs = placementInputs({ eligibility: { eligible, rejected: [] }, policy, seed, slots });
          const { record } = decidePlacement(inputs);
          expect(record.distribution.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
          expect(Math.min(...record.distribution)).toBeGreaterThanOrEqual(floor / weight.length - 1e-15);
          expect(record.slots).toHaveLength(Math.min(slots, weight.length));
          expect(new Set(record.slots.map(({ bannerId }) => bannerId)).size).toBe(record.slots.length);
          for (const { propensity } of record.slots) expect(propensity > 0 && propensity <= 1 + 1e-12).toBe(true);
          expect(refillsEqually(record)).toBe(true);
          expect(policy.state === null ? 1 : maxError(record.distribution, rederive(record, policy, policy.state).distribution)).toBe(0);
          expect(decidePlacement(inputs).record).toEqual(record);
        },
      ),
    );
  });

  it('does not replay a record whose slots, propensities or seed were changed', () => {
    const { record } = decidePlacement(placementInputs({ eligibility: { eligible: eligibleBanners(40), rejected: [] } }));
    const [first, second, ...rest] = record.slots;
    if (first === undefined || second === undefined) throw new RangeError('three slots');
    expect(refillsEqually({ ...record, slots: [second, first, ...rest] })).toBe(false);
    expect(refillsEqually({ ...record, slots: [{ ...first, propensity: 0.5 }, second, ...rest] })).toBe(false);
    expect(refillsEqually({ ...record, seed: Uint32Array.of(9, 9, 9, 9) })).toBe(false);
  });
});

describe('isHeldOut', () => {
  const visitors = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => visitorHash(Buffer.from(bytes).toString('hex')));
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it('is stable, and growing the share releases nobody', () => {
    fc.assert(
      fc.property(visitors, share, share, (visitor, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const id = placementId('p');
        expect(isHeldOut(visitor, id, less)).toBe(isHeldOut(visitor, id, less));
        expect(isHeldOut(visitor, id, less) && !isHeldOut(visitor, id, more)).toBe(false);
      }),
    );
  });
});

describe('pacingDraw', () => {
  it('is a number in [0, 1) fixed by seed and campaign', () => {
    fc.assert(
      fc.property(seeds, fc.stringMatching(/^[a-z0-9]{1,40}$/), (seed, id) => {
        const draw = pacingDraw(seed, campaignId(id));
        expect(draw >= 0 && draw < 1).toBe(true);
        expect(pacingDraw(seed, campaignId(id))).toBe(draw);
      }),
    );
  });
});
