import { visitorHash, type BannerId, type VisitorHash } from '@vitrine/kernel';
import { eligibleBanners, placementInputs, VISITOR, weightedPolicy } from '../fixtures';
import { createDecisionKeys } from '../store/hmac-decision-keys';
import { decidePlacement } from './decide-placement';
import { refillsEqually } from './replay-record';
import { stickyPeriod } from './sticky';
import type { DecisionRecord } from './types';

const KEYS = createDecisionKeys(new Uint8Array(32).fill(3), { now: () => 0 });
const HOURLY = { periodMinutes: 60 };
const HOUR_MS = 3_600_000;
const KNOWN = { hash: VISITOR, consentTier: 'PERSONALIZED' } as const;

describe('stickyPeriod', () => {
  it('is half-open and counted from the epoch', () => {
    expect(stickyPeriod(HOURLY, KNOWN, 0)).toBe(0);
    expect(stickyPeriod(HOURLY, KNOWN, HOUR_MS - 1)).toBe(0);
    expect(stickyPeriod(HOURLY, KNOWN, HOUR_MS)).toBe(1);
  });

  it('is none where the policy is not sticky, or nobody may be remembered', () => {
    expect(stickyPeriod(undefined, KNOWN, 0)).toBeNull();
    expect(stickyPeriod(null, KNOWN, 0)).toBeNull();
    expect(stickyPeriod(HOURLY, { ...KNOWN, hash: null }, 0)).toBeNull();
    expect(stickyPeriod(HOURLY, { ...KNOWN, consentTier: 'CONTEXT_ONLY' }, 0)).toBeNull();
  });
});

describe('a sticky decision', () => {
  const visitor = (n: number): VisitorHash => visitorHash(n.toString(16).padStart(32, '0'));
  const decide = (hash: VisitorHash, weight: (id: BannerId) => number, count = 4, sticky = true): DecisionRecord =>
    decidePlacement(
      placementInputs({
        eligibility: { eligible: eligibleBanners(count), rejected: [] },
        policy: weightedPolicy(weight),
        slots: 2,
        seed: KEYS.derivedSeed(['sticky', hash, 'home-hero', '0', '7']),
        sticky,
      }),
    ).record;
  const numberOf = (id: BannerId): number => 1 + Number(id.slice(1));
  const first = ({ slots }: DecisionRecord): string => slots[0]?.bannerId ?? '';

  it('says so, is filled again from its record alone, and not as a plain draw of the same seed', () => {
    const records = Array.from({ length: 40 }, (_, n) => decide(visitor(n), numberOf));
    for (const record of records) {
      expect(record.selection).toBe('STICKY');
      expect(refillsEqually(record)).toBe(true);
    }
    expect(records.every((record) => refillsEqually({ ...record, selection: 'DRAW' }))).toBe(false);
    expect(decide(visitor(1), numberOf, 4, false).selection).toBe('DRAW');
  });

  it('shows each banner to the share of visitors that its probability says, in both slots', () => {
    const n = 20_000;
    const lists = new Map<string, { seen: number; probability: number }>();
    for (let i = 0; i < n; i++) {
      const { slots } = decide(visitor(i), numberOf);
      const key = slots.map(({ bannerId }) => bannerId).join();
      const known = lists.get(key) ?? { seen: 0, probability: slots.reduce((product, { propensity }) => product * propensity, 1) };
      lists.set(key, { ...known, seen: known.seen + 1 });
    }
    expect(lists.size).toBe(12);
    expect([...lists.values()].reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
    const chiSquared = [...lists.values()].reduce(
      (sum, { seen, probability }) => sum + (seen - n * probability) ** 2 / (n * probability),
      0,
    );
    expect(chiSquared).toBeLessThan(31.3); // 11 degrees of freedom, false alarms 1 in 1,000; the visitors are fixed
  });

  it('keeps the banner of most visitors while probabilities move little, and of those whose banner gained', () => {
    const moved = (id: BannerId): number => numberOf(id) + (id === 'b00' ? 0.2 : 0); // total variation 0.2 * 9 / (10 * 10.2)
    const pairs = Array.from({ length: 4_000 }, (_, n) => [first(decide(visitor(n), numberOf)), first(decide(visitor(n), moved))] as const);
    const changed = pairs.filter(([before, after]) => before !== after);
    expect(changed.length / pairs.length).toBeLessThan(0.05);
    expect(changed.length).toBeGreaterThan(0);
    expect(new Set(changed.map(([, after]) => after))).toEqual(new Set(['b00']));
  });
});
