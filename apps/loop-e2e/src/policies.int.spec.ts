import { eventually } from '@vitrine/testing';
import { DEVICE_FEATURE } from './harness/catalog.fixture';
import { SECRET_KEY, shownAndClicked, untilHuman, type Decision } from './harness/loop-api';
import { policiesToTry, type PublishedPolicy } from './harness/policy-trials';
import { useLoop } from './harness/use-loop';

interface Version {
  readonly id: string;
  readonly live: boolean;
}
interface DecisionRecord {
  readonly policyVersionId: string | null;
  readonly stateRevision: number;
  readonly selection: string;
  readonly distribution: readonly number[];
  readonly replay: { readonly status: string; readonly sameSlots: boolean; readonly distributionMaxError: number | null };
}

interface Shadowed {
  readonly distribution: readonly number[];
  readonly shadowDistribution: readonly number[] | null;
  readonly eligible: readonly { readonly bannerId: string }[];
  readonly replay: { readonly shadowMaxError: number | null };
}

const PUBLISH = 'mutation ($input: PublishPolicyInput!) { publishPolicy(input: $input) { id live } }';
const ROLL_BACK = 'mutation ($id: ID!) { rollbackPolicy(placementId: $id) { id live } }';
const RECORD =
  'query ($id: ID!) { decision(id: $id) { policyVersionId stateRevision selection distribution replay { status sameSlots distributionMaxError } } }';
const POLICIES = policiesToTry();
const DEADLINE_MS = 60_000;

describe('every policy that reads the context, on a placement that is live', () => {
  const loop = useLoop(6);
  const heads = () =>
    loop.mongo.connection().collection<{ _id: string; cursor: number; revision: number; entries: number }>('policy_heads');
  const ledger = () => loop.mongo.connection().collection<{ _id: string; last: number }>('ledger_heads');
  const publish = async ({ policy, params }: PublishedPolicy): Promise<Version> => {
    const input = { placementId: 'hero', policy, params, floor: 0.02, features: [DEVICE_FEATURE] };
    return (await loop.api().must<{ publishPolicy: Version }>(SECRET_KEY, PUBLISH, { input })).publishPolicy;
  };
  const rollBack = async (): Promise<Version> =>
    (await loop.api().must<{ rollbackPolicy: Version }>(SECRET_KEY, ROLL_BACK, { id: 'hero' })).rollbackPolicy;

  async function ask(width: number): Promise<Decision> {
    const input = { visitorId: 'ann', placements: [{ id: 'hero' }], context: { viewport: { width, height: 800 } } };
    const { data } = await loop.api().banners(input, SECRET_KEY);
    const decision = data?.banners.decisions[0];
    if (!decision) throw new RangeError('nothing was decided');
    return decision;
  }

  /** Shows a few banners to people with phones and computers; the clicks of some of them earn. */
  async function traffic(decisions: number): Promise<void> {
    const asked: Decision[] = [];
    for (let i = 0; i < decisions; i++) asked.push(await ask(i % 2 === 0 ? 390 : 1_440));
    await untilHuman();
    for (const [i, decision] of asked.entries()) {
      const [seen, click] = shownAndClicked('ann', decision);
      await loop.api().record([seen ?? {}, ...(i % 3 === 0 && click !== undefined ? [click] : [])]);
    }
  }

  /** The highest number that the ledger of the placement has given, once it gives no more. */
  async function ledgerEnd(batchesAtLeast: number): Promise<number> {
    const head = await eventually(() => ledger().findOne({ _id: 'hero', last: { $gte: batchesAtLeast } }), { what: 'the ledger' });
    return head.last;
  }

  const caughtUp = (id: string, cursor: number) =>
    eventually(() => heads().findOne({ _id: id, cursor, entries: { $gt: 0 } }), { what: `${id} to fold the ledger up to ${cursor}` });

  /** The first decision that this version made, from a state of at least this revision. */
  const decidedBy = (id: string, revision: number): Promise<DecisionRecord> =>
    eventually(
      async () => {
        const { decisionId, stateRevision } = await ask(390);
        if ((stateRevision ?? 0) < revision) return null;
        const { decision } = await eventually(
          async () => {
            const data = await loop.api().must<{ decision: DecisionRecord | null }>(SECRET_KEY, RECORD, { id: decisionId });
            return data.decision === null ? null : { decision: data.decision };
          },
          { what: 'the decision record' },
        );
        return decision.policyVersionId === id ? decision : null;
      },
      { what: `a decision of ${id}`, deadlineMs: 20_000 },
    );

  beforeAll(async () => {
    await loop.processes().start('worker');
    await loop.api().grant('ann');
    await traffic(12);
    await eventually(() => heads().findOne({ _id: 'hero@1', entries: 16 }), { what: 'twelve trials and four rewards' });
  }, DEADLINE_MS);

  it.each(POLICIES)(
    'takes $policy, catches it up from the ledger, decides with it, replays it and rolls back to it',
    async (policy) => {
      const version = await publish(policy);
      expect(version.live).toBe(true);
      const end = await ledgerEnd(1);
      const head = await caughtUp(version.id, end);
      expect(await loop.processes().run(['ledger', 'verify', '--policy', version.id])).toMatchObject({ code: 0 });
      const decided = await decidedBy(version.id, head.revision);
      expect(decided).toMatchObject({ stateRevision: head.revision, replay: { status: 'REPLAYED', sameSlots: true } });
      expect(decided.replay.distributionMaxError).toBeLessThanOrEqual(1e-12);
      expect(decided.distribution.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);

      const other = await publish({ policy: 'uniform', params: {} });
      expect(other.id).not.toBe(version.id);
      await traffic(2);
      const later = await ledgerEnd(end + 1);
      expect(await rollBack()).toEqual({ id: version.id, live: true });
      const newer = await caughtUp(version.id, later);
      // Entries of a version with other features mean nothing to this one: it passes over them, so the cursor is what must move.
      expect(newer.cursor).toBeGreaterThan(head.cursor);
      const again = await decidedBy(version.id, newer.revision);
      expect(again).toMatchObject({ policyVersionId: version.id, replay: { status: 'REPLAYED', sameSlots: true } });
      expect(again.replay.distributionMaxError).toBeLessThanOrEqual(1e-12);
    },
    DEADLINE_MS,
  );

  const SHADOWED =
    'query ($id: ID!) { decision(id: $id) { policyVersionId shadowDistribution distribution eligible { bannerId } replay { shadowMaxError } } }';
  const LEARNING = 'query ($id: ID!) { policies(placementId: $id) { id learning { stateRevision cursor entriesFolded layout } } }';

  it('notes what a shadow would have done, and tells staff how far each version is', async () => {
    const version = await publish({ policy: 'shadow', params: { shadow: { name: 'fixed-order', params: { order: ['b3'] } } } });
    const head = await caughtUp(version.id, await ledgerEnd(1));
    await decidedBy(version.id, head.revision);
    const { decisionId } = await ask(390);
    const { decision } = await eventually(
      async () => {
        const data = await loop.api().must<{ decision: Shadowed | null }>(SECRET_KEY, SHADOWED, { id: decisionId });
        return data.decision === null ? null : { decision: data.decision };
      },
      { what: 'the decision record' },
    );
    expect(decision.replay.shadowMaxError).toBe(0);
    const b3 = decision.eligible.findIndex(({ bannerId }) => bannerId === 'b3');
    expect(decision.shadowDistribution?.[b3]).toBeCloseTo(1, 12);
    expect(decision.distribution[b3]).toBeLessThan(0.9);
    const { policies } = await loop.api().must<{ policies: readonly object[] }>(SECRET_KEY, LEARNING, { id: 'hero' });
    expect(policies[0]).toEqual({
      id: version.id,
      learning: { stateRevision: head.revision, cursor: head.cursor, entriesFolded: head.entries, layout: expect.stringContaining('+') },
    });
  });

  it('keeps a known visitor’s banner, and says so in the record', async () => {
    const input = { placementId: 'hero', policy: 'uniform', sticky: { periodMinutes: 1_440 } };
    const { publishPolicy } = await loop.api().must<{ publishPolicy: Version }>(SECRET_KEY, PUBLISH, { input });
    const decided = await decidedBy(publishPolicy.id, 0);
    expect(decided).toMatchObject({ selection: 'STICKY', replay: { status: 'REPLAYED', sameSlots: true, distributionMaxError: 0 } });
    const shown = new Set<string>();
    for (let i = 0; i < 8; i++) shown.add((await ask(390)).slots.map(({ banner }) => banner.id).join());
    expect(shown.size).toBe(1); // eight draws of two out of six banners agree one time in 30^7; a day that ends meanwhile draws anew
  });

  it('says that it cannot replay what banners told each other, once one of them changed', async () => {
    const version = await publish({ policy: 'hierarchical-thompson', params: {} });
    const head = await caughtUp(version.id, await ledgerEnd(1));
    await decidedBy(version.id, head.revision);
    const { decisionId } = await ask(390);
    const replayed = () =>
      eventually(
        async () => (await loop.api().must<{ decision: DecisionRecord | null }>(SECRET_KEY, RECORD, { id: decisionId })).decision,
        {
          what: 'the decision record',
        },
      );
    expect(await replayed()).toMatchObject({ policyVersionId: version.id, replay: { status: 'REPLAYED', distributionMaxError: 0 } });
    await loop.api().must(SECRET_KEY, 'mutation { upsertBanner(input: { id: "b4", tags: ["sale"] }) { id } }');
    expect(await replayed()).toMatchObject({ replay: { status: 'NOT_REPLAYABLE', sameSlots: true, distributionMaxError: null } });
  });
});
