import { rngFromNumber, shuffledOrder, visitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { rewardOfTrial } from '../domain/reward-event';
import { trialKey, type TrialRules } from '../domain/trial';
import type { IncomingEvent, SealedDecision } from '../domain/types';
import { aChunk, aDecision, anEvent, aWorker, NOW, rowsOf, RULES } from './feedback.fixture';
import { feedbackMigrations } from './feedback.migrations';
import { MongoTrialStore } from './mongo-trial.store';

const VISITOR = visitorId('vera');
const euros = (amountMinor: number) => ({ value: { amountMinor, currency: 'EUR' } });
const MINUTE_MS = 60_000;

const SHAPED: TrialRules = {
  ...RULES,
  attributionWindowMs: 60 * MINUTE_MS,
  reward: {
    weights: { CLICK: 1, PURCHASE: 5, DISMISS: -0.5 },
    valueWeight: 2,
    valueTransform: { kind: 'LOG', scaleMinor: 5_000 },
    delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: 10 * MINUTE_MS },
    aggregation: 'SUM',
    defaultReward: 0.25,
    min: -10,
    max: 100,
  },
};

describe('a reward function in the ledger', () => {
  const mongo = useMongo();
  const db = () => mongo.connection();
  beforeAll(async () => void (await runMigrations(db(), feedbackMigrations)));
  afterEach(() => mongo.clear());

  const decided = (): SealedDecision => aDecision(VISITOR, { decidedAt: NOW - 50 * MINUTE_MS });
  const entries = async () => (await rowsOf(db(), 'ledger_batches')).flatMap((batch) => [...batch['entries']]);
  const rewards = async (): Promise<readonly number[]> => (await entries()).map(({ reward }) => Number(reward));
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

  async function process(events: readonly IncomingEvent[], rules: TrialRules): Promise<void> {
    for (const event of events) await aWorker(db(), { rules }).process.execute(aChunk([event]));
  }

  async function storedTrial(decision: SealedDecision) {
    const key = trialKey(decision);
    const found = await aWorker(db()).unitOfWork.run((session) => new MongoTrialStore(db()).find(session, [key]));
    const trial = found.get(key);
    if (trial === undefined) throw new RangeError(`no trial ${key}`);
    return trial;
  }

  function journey(decision: SealedDecision): readonly IncomingEvent[] {
    const at = (minutes: number) => ({ occurredAt: decision.decidedAt + minutes * MINUTE_MS });
    return [
      anEvent('IMPRESSION', VISITOR, decision, at(0)),
      anEvent('CLICK', VISITOR, decision, at(10)),
      anEvent('PURCHASE', VISITOR, decision, { ...at(20), ...euros(20_000) }),
      anEvent('DISMISS', VISITOR, decision, at(30)),
      anEvent('REFUND', VISITOR, decision, { ...at(40), ...euros(5_000) }),
    ];
  }

  it('appends, event by event, what transforms and discounts make of them', async () => {
    await process(journey(decided()), SHAPED);
    const worth = [
      0.25,
      0.5 - 0.25,
      (5 + 2 * Math.log(5)) / 4,
      -0.5 / 8,
      (2 * Math.log(4) - 2 * Math.log(5)) / 4, // 15,000 of 20,000 kept, by the delay of the purchase
    ];
    const appended = await rewards();
    expect(appended).toHaveLength(worth.length);
    appended.forEach((reward, i) => expect(reward).toBeCloseTo(worth[i] ?? Number.NaN, 12));
  });

  it('sums to the reward of the stored trial, computed again from its row, whatever order the events came in', async () => {
    const random = rngFromNumber(7);
    const replayed: number[] = [];
    for (let round = 0; round < 4; round++) {
      const decision = decided();
      const events = journey(decision);
      const order = [...shuffledOrder(events.length, random)];
      const before = sum(await rewards());
      await process(
        order.flatMap((index) => events.slice(index, index + 1)),
        SHAPED,
      );
      const { contributions, decidedAt, earned } = await storedTrial(decision);
      expect(decidedAt).toBe(decision.decidedAt);
      const again = rewardOfTrial({ contributions, decidedAt: decidedAt ?? Number.NaN }, SHAPED);
      expect(again).toBe(earned);
      expect(sum(await rewards()) - before).toBeCloseTo(again, 9);
      replayed.push(again);
    }
    expect(new Set(replayed).size).toBe(1);
  });

  it('brings a stored trial to a changed function with its next event and leaves silent trials alone', async () => {
    const [loud, silent] = [decided(), decided()];
    for (const decision of [loud, silent]) await process(journey(decision).slice(0, 2), RULES);
    expect(await rewards()).toEqual([0, 1, 0, 1]);
    await process([anEvent('VIEWABLE_IMPRESSION', VISITOR, loud)], SHAPED);
    expect((await rewards()).slice(4)).toEqual([-0.5]);
    expect((await storedTrial(silent)).earned).toBe(1);
  });

  it('reads trials of before transforms and discounts, and counts their events by the function in force', async () => {
    const decision = decided();
    const key = trialKey(decision);
    await process(journey(decision).slice(0, 2), RULES);
    const valued = { base: 1, money: 0 };
    await db()
      .collection<{ _id: string }>('trials')
      .updateOne({ _id: key }, { $unset: { decidedAt: '' }, $set: { 'contributions.0.base': 1, 'contributions.0.money': 0 } });
    expect((await rowsOf(db(), 'trials'))[0]?.['contributions'][0]).toMatchObject(valued);
    const read = await storedTrial(decision);
    expect([read.decidedAt, read.contributions[0]]).toEqual([null, expect.not.objectContaining(valued)]);
    await process(journey(decision).slice(2, 3), SHAPED);
    const { earned, contributions } = await storedTrial(decision);
    expect(earned).toBeCloseTo(0.5 + (5 + 2 * Math.log(5)) / 4, 12);
    expect(rewardOfTrial({ contributions, decidedAt: decision.decidedAt }, SHAPED)).toBe(earned);
    expect(sum(await rewards())).toBeCloseTo(earned, 9);
  });
});
