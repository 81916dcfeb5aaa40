import { bannerId, placementId, visitorHash } from '@vitrine/kernel';
import { aPlacement, eligibleBanners, placementInputs, VISITOR, weightedPolicy } from '../fixtures';
import { decidePlacement } from './decide-placement';
import { isHeldOut } from './holdout';

const idsOf = (slots: readonly { readonly bannerId: string }[]): readonly string[] => slots.map(({ bannerId: id }) => id);

describe('decidePlacement', () => {
  it('serves the live policy with what it may know: PERSONAL', () => {
    const { record, shown } = decidePlacement(placementInputs());
    expect(record).toMatchObject({
      ladderStep: 'PERSONAL',
      degraded: false,
      stateRevision: 7,
      policyVersionId: 'home-hero@1',
      catalogRevision: 5,
    });
    expect(record.slots).toHaveLength(3);
    expect(shown.map(({ banner }) => banner.id)).toEqual(idsOf(record.slots));
  });

  it('goes down to SEGMENT when a policy that reads profiles cannot have one', () => {
    const visitor = { hash: VISITOR, consentTier: 'CONTEXT_ONLY', profileMissing: true, segmentModelVersion: null } as const;
    const blind = decidePlacement(placementInputs({ visitor, policy: weightedPolicy(() => 1, { personal: true }) })).record;
    expect(blind).toMatchObject({ ladderStep: 'SEGMENT', degraded: true, stateRevision: 7 });
    const indifferent = decidePlacement(placementInputs({ visitor })).record;
    expect(indifferent).toMatchObject({ ladderStep: 'PERSONAL', degraded: true }); // caps and audience still missed the profile
  });

  it('draws evenly when no state can be had: CONTEXT_FREE, and still names the version whose schema the context has', () => {
    const policy = { ...weightedPolicy(() => 1), state: null };
    const { record } = decidePlacement(placementInputs({ policy }));
    expect(record).toMatchObject({
      ladderStep: 'CONTEXT_FREE',
      degraded: true,
      layer: 'EXPLORE',
      stateRevision: 0,
      policyVersionId: 'home-hero@1',
    });
    expect(Array.from(record.distribution)).toEqual(new Array(5).fill(0.2));
    expect(Array.from(record.steps)).toEqual([32]);
  });

  it('does not call it a loss when a placement never had a policy', () => {
    expect(decidePlacement(placementInputs({ policy: null, policyExpected: false })).record).toMatchObject({
      ladderStep: 'CONTEXT_FREE',
      degraded: false,
    });
    expect(decidePlacement(placementInputs({ policy: null, policyExpected: true })).record.degraded).toBe(true);
  });

  it('shows the fallback of the placement, in order, when nothing is eligible', () => {
    const fallback = eligibleBanners(4, 'f');
    const { record } = decidePlacement(placementInputs({ eligibility: { eligible: [], rejected: [] }, fallback, slots: 2 }));
    expect(record).toMatchObject({ ladderStep: 'FALLBACK', layer: 'DEFAULT', degraded: false });
    expect(idsOf(record.slots)).toEqual(['f00', 'f01']);
    expect(record.slots.map(({ propensity }) => propensity)).toEqual([1, 1]);
  });

  it('answers with no slot, not with an error, when there is nothing at all', () => {
    expect(decidePlacement(placementInputs({ eligibility: { eligible: [], rejected: [] } })).record.slots).toEqual([]);
  });

  it('keeps no visitor without consent', () => {
    const visitor = { hash: VISITOR, consentTier: 'CONTEXT_ONLY', profileMissing: false, segmentModelVersion: null } as const;
    expect(decidePlacement(placementInputs({ visitor })).record.visitorHash).toBeNull();
    expect(decidePlacement(placementInputs()).record.visitorHash).toBe(VISITOR);
  });

  it('calls the likeliest banner in the first slot EXPLOIT and any other EXPLORE', () => {
    const sure = weightedPolicy((id) => (id === bannerId('b03') ? 1e9 : 1e-9));
    expect(decidePlacement(placementInputs({ policy: sure })).record.layer).toBe('EXPLOIT');
    const flat = decidePlacement(placementInputs()).record;
    expect(flat.layer).toBe('EXPLORE');
    const single = { eligible: eligibleBanners(1), rejected: [] };
    expect(decidePlacement(placementInputs({ eligibility: single })).record.layer).toBe('EXPLOIT');
  });
});

describe('holdout', () => {
  it('shows a held-out visitor the fixed order with certainty', () => {
    const placement = aPlacement({ holdoutShare: 1, fallbackBannerIds: [bannerId('b04'), bannerId('b02')] });
    const { record } = decidePlacement(placementInputs({ placement, slots: 4 }));
    expect(record).toMatchObject({ layer: 'HOLDOUT', ladderStep: 'CONTEXT_FREE', degraded: false });
    expect(idsOf(record.slots)).toEqual(['b04', 'b02', 'b00', 'b01']);
    expect(Array.from(record.distribution)).toEqual([1, 0, 0, 0, 0]);
  });

  it('holds out its share of visitors (false alarm 1 in 10^6)', () => {
    const id = placementId('home-hero');
    const hashes = Array.from({ length: 20_000 }, (_, i) => visitorHash(i.toString(16).padStart(32, '0')));
    const held = hashes.filter((hash) => isHeldOut(hash, id, 0.1)).length;
    expect(Math.abs(held - 2_000)).toBeLessThan(4.9 * Math.sqrt(20_000 * 0.1 * 0.9));
  });

  it('holds nobody out of a request that names nobody', () => {
    expect(isHeldOut(null, placementId('home-hero'), 1)).toBe(false);
  });
});
