import fc from 'fast-check';
import type { RewardSpec } from '@vitrine/catalog';
import { bannerId, decisionId, placementId, policyVersionId, visitorHash } from '@vitrine/kernel';
import { applyToTrial, newTrial, trialKey, type Trial, type TrialRules } from './trial';
import { rewardOfTrial } from './reward-event';
import type { EventType, IncomingEvent, LedgerEntry, SealedDecision } from './types';

const T0 = Date.UTC(2026, 0, 5, 12);
const placement = placementId('home');
const decision: SealedDecision = {
  decisionId: decisionId('01890a5d-ac96-774b-bcce-b302099a8057'),
  placementId: placement,
  slot: 1,
  bannerId: bannerId('b1'),
  layer: 'EXPLOIT',
  propensity: 0.5,
  policyVersionId: policyVersionId(placement, 1),
  stateRevision: 1,
  catalogRevision: 1,
  visitorHash: visitorHash('00112233445566778899aabbccddeeff'),
  decidedAt: T0,
  context: { steps: Int8Array.of(32, 5) },
};
const reward: RewardSpec = {
  weights: { CLICK: 1, PURCHASE: 5, DISMISS: -1 },
  valueWeight: 0.01,
  aggregation: 'SUM',
  defaultReward: 0,
  min: -10,
  max: 50,
};
const rules: TrialRules = { activation: 'IMPRESSION', reward, attributionWindowMs: 3_600_000 };

function anEvent(eventId: string, type: EventType, over: Partial<IncomingEvent> = {}): IncomingEvent {
  const nothing = {
    visitorId: null,
    token: null,
    productId: null,
    category: null,
    value: null,
    dwellMs: null,
    url: null,
    properties: null,
  };
  return { eventId, type, occurredAt: T0 + 1_000, ...nothing, ...over };
}

const euros = (amountMinor: number) => ({ value: { amountMinor, currency: 'EUR' } });

function play(
  events: readonly IncomingEvent[],
  under: TrialRules = rules,
  from: Trial = newTrial(trialKey(decision)),
): { trial: Trial; entries: LedgerEntry[]; activated: number; clicked: number; converted: number } {
  let trial = from;
  const entries: LedgerEntry[] = [];
  let [activated, clicked, converted] = [0, 0, 0];
  for (const event of events) {
    const step = applyToTrial(trial, { event, decision, featureSchema: 9, visitorHash: null }, under);
    trial = step.trial;
    entries.push(...step.entries);
    activated += Number(step.effects.activatedTrial);
    clicked += Number(step.effects.clickedTrial);
    converted += Number(step.effects.convertedTrial);
  }
  return { trial, entries, activated, clicked, converted };
}

const total = (entries: readonly LedgerEntry[]): number => entries.reduce((sum, entry) => sum + entry.reward, 0);

describe('a trial', () => {
  it('begins with the declared proof of showing only, once, and a stronger proof will do', () => {
    expect(play([anEvent('a', 'ACTIVATION'), anEvent('c', 'CLICK')]).entries).toEqual([]);
    const { entries } = play([
      anEvent('a', 'ACTIVATION'),
      anEvent('v', 'VIEWABLE_IMPRESSION'),
      anEvent('i', 'IMPRESSION'),
      anEvent('i2', 'IMPRESSION'),
    ]);
    expect(entries.map(({ id, kind, reward: r }) => ({ id, kind, r }))).toEqual([
      { id: `${decision.decisionId}:1:t`, kind: 'TRIAL', r: 0 },
    ]);
  });

  it('parks a reward that came before the proof and releases it with the proof', () => {
    const early = play([anEvent('c', 'CLICK')]);
    expect(early.entries).toEqual([]);
    const { entries, clicked } = play([anEvent('c', 'CLICK'), anEvent('i', 'IMPRESSION')]);
    expect(entries.map(({ id, kind, reward: r }) => [kind, id, r])).toEqual([
      ['TRIAL', `${decision.decisionId}:1:t`, 0],
      ['REWARD', 'i', 1],
    ]);
    expect(clicked).toBe(1);
  });

  it('earns nothing after the attribution window, nor begins then', () => {
    const late = { occurredAt: T0 + 3_600_001 };
    expect(total(play([anEvent('i', 'IMPRESSION'), anEvent('c', 'CLICK', late)]).entries)).toBe(0);
    expect(play([anEvent('c', 'CLICK'), anEvent('i', 'IMPRESSION', late)]).entries).toEqual([]);
  });

  it('takes a purchase back with a refund, in full, in part, by name and after the window', () => {
    const shown = anEvent('i', 'IMPRESSION');
    const bought = anEvent('p', 'PURCHASE', euros(1_000));
    const late = { occurredAt: T0 + 9_000_000 };
    expect(total(play([shown, bought]).entries)).toBe(15);
    expect(total(play([shown, bought, anEvent('r', 'REFUND', late)]).entries)).toBe(0);
    expect(total(play([shown, bought, anEvent('r', 'REFUND', { ...late, ...euros(400) })]).entries)).toBe(11);
    const second = anEvent('q', 'PURCHASE', { ...euros(2_000), occurredAt: T0 + 5_000 });
    const named = anEvent('r', 'REFUND', { ...late, properties: { refundOf: 'p' } });
    expect(total(play([shown, bought, second, named]).entries)).toBe(25);
    expect(total(play([shown, bought, second, anEvent('r', 'REFUND', late)]).entries)).toBe(15);
  });

  it.each([
    ['FIRST', 1],
    ['LAST', -1],
    ['MAX', 5],
    ['SUM', 5],
  ] as const)('aggregates by %s of the time of the events', (aggregation, expected) => {
    const under = { ...rules, reward: { ...reward, aggregation } };
    const events = [
      anEvent('p', 'PURCHASE', { occurredAt: T0 + 20_000 }),
      anEvent('d', 'DISMISS', { occurredAt: T0 + 30_000 }),
      anEvent('c', 'CLICK', { occurredAt: T0 + 10_000 }),
      anEvent('i', 'IMPRESSION'),
    ];
    expect(total(play(events, under).entries)).toBe(expected);
  });

  it('holds the reward of one trial within its bounds', () => {
    const { entries } = play([anEvent('i', 'IMPRESSION'), anEvent('p', 'PURCHASE', euros(1_000_000))]);
    expect(total(entries)).toBe(50);
  });

  it('counts money by its transform and rewards by their delay since the decision, refunds included', () => {
    const valueTransform = { kind: 'LOG', scaleMinor: 500 } as const;
    const under = { ...rules, reward: { ...reward, valueTransform, delayDiscount: { kind: 'LINEAR' } as const } };
    const shown = anEvent('i', 'IMPRESSION');
    const bought = anEvent('p', 'PURCHASE', { ...euros(1_000), occurredAt: T0 + 900_000 });
    const refunded = anEvent('r', 'REFUND', { ...euros(400), occurredAt: T0 + 9_000_000 });
    expect(total(play([shown, bought], under).entries)).toBeCloseTo((5 + 0.01 * Math.log(3)) * 0.75, 12);
    expect(total(play([shown, bought, refunded], under).entries)).toBeCloseTo((5 + 0.01 * Math.log(2.2)) * 0.75, 12);
    expect(total(play([anEvent('i', 'IMPRESSION'), anEvent('c', 'CLICK', { occurredAt: T0 - 5_000 })], under).entries)).toBe(1);
  });

  it('brings a trial in flight to a changed reward with its next event, whatever that is', () => {
    const before = play([anEvent('i', 'IMPRESSION'), anEvent('c', 'CLICK'), anEvent('a', 'ADD_TO_CART')]);
    expect(before.trial.earned).toBe(1);
    const changed = { ...rules, reward: { ...reward, weights: { CLICK: 2, ADD_TO_CART: 3 } } };
    const after = play([anEvent('v', 'VIEWABLE_IMPRESSION')], changed, before.trial);
    expect(after.entries).toMatchObject([{ id: 'v', kind: 'REWARD', reward: 4, earnedBefore: 1 }]);
    const silent = play([anEvent('i', 'IMPRESSION')]);
    const pessimistic = { ...rules, reward: { ...reward, defaultReward: -1 } };
    expect(play([anEvent('v', 'VIEWABLE_IMPRESSION')], pessimistic, silent.trial).trial.earned).toBe(-1);
  });

  it('keeps what happened and not its worth, so that another reward function can be tried on it', () => {
    const { trial } = play([anEvent('i', 'IMPRESSION'), anEvent('p', 'PURCHASE', euros(1_000)), anEvent('d', 'DWELL')]);
    expect(trial.contributions).toEqual([{ eventId: 'p', type: 'PURCHASE', occurredAt: T0 + 1_000, amountMinor: 1_000, refundOf: null }]);
    const other = { ...rules, reward: { ...reward, valueTransform: { kind: 'CAP', capMinor: 100 } as const } };
    expect(rewardOfTrial({ ...trial, decidedAt: T0 }, other)).toBe(6);
  });

  it('ends at the same reward and counts whatever the order of arrival, and its stored events give that reward again', () => {
    const type = fc.constantFrom<EventType>('CLICK', 'PURCHASE', 'DISMISS', 'REFUND', 'ADD_TO_CART');
    const kinds = fc.array(
      fc.record({ type, delay: fc.integer({ min: -60_000, max: 3_000_000 }), amount: fc.option(fc.integer({ min: 0, max: 2_000 })) }),
      { maxLength: 12 },
    );
    const shaped = fc.record({
      aggregation: fc.constantFrom('FIRST', 'SUM', 'MAX', 'LAST'),
      valueTransform: fc.constantFrom({ kind: 'NONE' }, { kind: 'CAP', capMinor: 900 }, { kind: 'LOG', scaleMinor: 250 }),
      delayDiscount: fc.constantFrom({ kind: 'NONE' }, { kind: 'EXPONENTIAL', halfLifeMs: 700_000 }, { kind: 'LINEAR' }),
    });
    fc.assert(
      fc.property(kinds, shaped, fc.infiniteStream(fc.nat()), (list, shape, keys) => {
        const under: TrialRules = { ...rules, reward: { ...reward, ...shape, defaultReward: 0.5 } };
        const events = list.map(({ type: kind, delay, amount }, i) =>
          anEvent(`e${i}`, kind, { occurredAt: T0 + delay, ...(amount === null ? {} : euros(amount)) }),
        );
        const all = [anEvent('shown', 'IMPRESSION'), ...events];
        const order = all.map((event) => ({ event, key: keys.next().value ?? 0 })).sort((a, b) => a.key - b.key);
        const forward = play(all, under);
        const mixed = play(
          order.map(({ event }) => event),
          under,
        );
        expect(mixed.trial.earned).toBe(forward.trial.earned);
        expect(rewardOfTrial({ ...mixed.trial, decidedAt: T0 }, under)).toBe(mixed.trial.earned);
        expect(total(mixed.entries)).toBeCloseTo(forward.trial.earned, 9);
        expect([mixed.activated, mixed.clicked, mixed.converted]).toEqual([forward.activated, forward.clicked, forward.converted]);
        expect(new Set(mixed.entries.map(({ id }) => id)).size).toBe(mixed.entries.length);
      }),
    );
  });
});
