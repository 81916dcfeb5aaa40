import { eventually } from '@vitrine/testing';
import { HERO_VERSION } from './harness/catalog.fixture';
import { SECRET_KEY, shownAndClicked, untilHuman, type Decision, type Outcome } from './harness/loop-api';
import { useLoop } from './harness/use-loop';

const VISITORS = 60;
const REQUEST_EVENTS = 20;
const RECOVERY_MS = 45_000;

interface Sent {
  readonly people: readonly { readonly visitorId: string; readonly decision: Decision }[];
  readonly events: readonly { readonly eventId?: string }[];
  readonly outcomes: readonly Outcome[];
}
interface LedgerRow {
  readonly entries: readonly { readonly id: string; readonly kind: string; readonly reward: number }[];
}

describe('a worker that is killed', () => {
  const loop = useLoop(2);
  const rows = <T extends object>(name: string) => loop.mongo.connection().collection<T>(name);
  const all: Sent[] = [];

  /** Every visitor sees and clicks a banner and looks at a page; every second one has consented, every third sends twice. */
  async function visit(round: string): Promise<Sent> {
    const api = loop.api();
    const ids = Array.from({ length: VISITORS }, (_, i) => `${round}-${i}`);
    await Promise.all(ids.filter((_, i) => i % 2 === 0).map((id) => api.grant(id)));
    const people = await Promise.all(ids.map(async (visitorId) => ({ visitorId, decision: await api.decide(visitorId, 'hero') })));
    await untilHuman();
    const occurredAt = new Date().toISOString();
    const events = people.flatMap(({ visitorId, decision }) => [
      ...shownAndClicked(visitorId, decision),
      { eventId: `${visitorId}-page`, type: 'PAGE_VIEW', occurredAt, visitorId },
    ]);
    const requests = Array.from({ length: events.length / REQUEST_EVENTS }, (_, i) =>
      events.slice(i * REQUEST_EVENTS, (i + 1) * REQUEST_EVENTS),
    );
    const outcomes = (await Promise.all(requests.map((request) => api.record(request)))).flat();
    const again = (await Promise.all(requests.filter((_, i) => i % 3 === 0).map((request) => api.record(request)))).flat();
    expect(again.map(({ status }) => status)).toEqual(again.map(() => 'DUPLICATE'));
    return { people, events, outcomes };
  }

  async function expectLedgerOf({ people }: Sent): Promise<void> {
    const ids = new Set(people.flatMap(({ decision }) => [`${decision.decisionId}:0:t`, `${decision.decisionId}-click`]));
    const entries = (await rows<LedgerRow>('ledger_batches').find().toArray())
      .flatMap((batch) => batch.entries)
      .filter(({ id }) => ids.has(id));
    expect(entries.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
    expect(entries.filter(({ kind }) => kind === 'TRIAL').map(({ reward }) => reward)).toEqual(people.map(() => 0));
    expect(entries.filter(({ kind }) => kind === 'REWARD').map(({ reward }) => reward)).toEqual(people.map(() => 1));
  }

  async function expectProfilesOf({ people }: Sent): Promise<void> {
    const query = 'query ($id: ID!) { profile(visitorId: $id) { behaviour { clicks visits } } }';
    const answers = await Promise.all(people.map(({ visitorId }) => loop.api().must(SECRET_KEY, query, { id: visitorId })));
    expect(answers).toEqual(people.map((_, i) => ({ profile: i % 2 === 0 ? { behaviour: { clicks: 1, visits: 1 } } : null })));
  }

  async function expectRollups(): Promise<void> {
    const counters = ['trials', 'impressions', 'clicks', 'clickedTrials'] as const;
    const sums = Object.fromEntries(counters.map((name) => [name, { $sum: `$${name}` }]));
    const [total] = await rows('rollups')
      .aggregate([{ $match: { placementId: 'hero' } }, { $group: { _id: null, ...sums } }, { $unset: '_id' }])
      .toArray();
    const expected = all.length * VISITORS;
    expect(total).toEqual(Object.fromEntries(counters.map((name) => [name, expected])));
  }

  it.each([
    ['before the transaction of its chunk commits', 'beforeCommit', '3'],
    ['after the commit and before its job is done', 'afterCommit', '3'],
    ['in the middle of a fold', 'midFold', '1'],
  ])(
    '%s loses no accepted event and counts none twice',
    async (_when, point, nth) => {
      const doomed = await loop.processes().start('fault-worker', { args: [point, nth] });
      const sent = await visit(point);
      all.push(sent);
      expect(sent.outcomes.map(({ status }) => status)).toEqual(sent.events.map(() => 'ACCEPTED'));
      expect(await doomed.ended).toBe('SIGKILL');

      const heir = await loop.processes().start('worker');
      const entries = all.length * VISITORS * 2;
      const policyHeads = rows<{ _id: string; entries: number }>('policy_heads');
      await eventually(() => policyHeads.findOne({ _id: HERO_VERSION, entries: { $gte: entries } }), {
        what: `${entries} folded entries`,
        deadlineMs: RECOVERY_MS,
      });
      const wanted = all.flatMap(({ events }) => events.map(({ eventId }) => eventId)).toSorted();
      const held = await eventually(
        async () => {
          const ids = await rows<{ _id: string }>('events').distinct('_id');
          return ids.length >= wanted.length ? ids : null;
        },
        { what: 'every accepted event', deadlineMs: RECOVERY_MS },
      );
      expect(held.toSorted()).toEqual(wanted);
      expect((await policyHeads.findOne({ _id: HERO_VERSION }))?.entries).toBe(entries);
      await expectLedgerOf(sent);
      await expectProfilesOf(sent);
      await expectRollups();
      expect(await rows('quarantine').countDocuments()).toBe(0);
      expect(await loop.processes().run(['ledger', 'verify'])).toMatchObject({ code: 0 });
      expect(await heir.stop()).toBe(0);
    },
    120_000,
  );
});
