import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visitorId } from '@vitrine/kernel';
import { createVisitorHasher } from '@vitrine/profile';
import { eventually } from '@vitrine/testing';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { questionFor } from './harness/question-for';
import { PUBLISHABLE_KEY, SECRET_KEY, shownAndClicked, untilHuman, type Decision } from './harness/loop-api';
import { TEST_KEY, useLoop } from './harness/use-loop';

const SCHEMA = buildSchema(readFileSync(join(__dirname, '../../../docs/schema.graphql'), 'utf8'));
const ROOTS = [SCHEMA.getQueryType(), SCHEMA.getMutationType()].flatMap((type: GraphQLObjectType | null | undefined) =>
  type ? [type] : [],
);
/** What a shopper's app may call; everything else is for servers and staff. */
const FOR_APPS = ['banners', 'recordEvents'];
const CLOSED = ROOTS.flatMap((root) =>
  Object.values(root.getFields())
    .filter(({ name }) => !FOR_APPS.includes(name))
    .map((field) => [field.name, questionFor(root === SCHEMA.getQueryType() ? 'query' : 'mutation', field)] as const),
);

describe('what a publishable key can learn, and what is kept of whom', () => {
  const loop = useLoop(3);
  const hashes = createVisitorHasher(TEST_KEY);

  beforeAll(async () => void (await loop.processes().start('worker')), 60_000);

  it('closes the whole schema but for banners and events', () => {
    expect(CLOSED.length).toBeGreaterThan(15);
    expect(CLOSED.map(([name]) => name)).toEqual(
      expect.arrayContaining(['profile', 'profiles', 'decision', 'performance', 'policies', 'setConsent']),
    );
  });

  it.each(CLOSED)('refuses %s to a publishable key and to nobody', async (_name, question) => {
    const app = await loop.api().ask(PUBLISHABLE_KEY, question);
    expect({ data: dataOf(app.data), codes: app.errors.map(({ extensions }) => extensions.code) }).toEqual({
      data: null,
      codes: ['FORBIDDEN'],
    });
    const nobody = await loop.api().ask(null, question);
    expect({ data: dataOf(nobody.data), codes: nobody.errors.map(({ extensions }) => extensions.code) }).toEqual({
      data: null,
      codes: ['UNAUTHENTICATED'],
    });
  });

  it('tells an app neither state revision nor propensity', async () => {
    const question = (field: string) => `{ banners(input: { visitorId: "ann", placements: [{ id: "hero" }] }) { decisions { ${field} } } }`;
    const revision = await loop.api().must(PUBLISHABLE_KEY, question('stateRevision'));
    expect(revision).toEqual({ banners: { decisions: [{ stateRevision: null }] } });
    expect(await loop.api().must(SECRET_KEY, question('stateRevision'))).toEqual({
      banners: { decisions: [{ stateRevision: expect.any(Number) }] },
    });
    const propensity = await loop.api().ask(PUBLISHABLE_KEY, question('slots { propensity }'));
    expect(propensity.errors.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('keeps a profile of who consented, and no trace of who did not, though both are counted', async () => {
    const [quiet, open] = ['quiet-0f3c9a', 'open-77d1be'];
    await loop.api().grant(open);
    const decided: Decision[] = [];
    for (const visitor of [quiet, open]) {
      const decision = await loop.api().decide(visitor, 'hero');
      decided.push(decision);
      await untilHuman();
      await loop.api().record(shownAndClicked(visitor, decision));
    }
    const count = (name: string, filter: object) => loop.mongo.connection().collection(name).countDocuments(filter);
    await eventually(async () => (await count('events', {})) === 4, { what: 'four events' });
    const ids = decided.map(({ decisionId }) => decisionId);
    await eventually(
      async () =>
        (await loop.api().must<{ decision: object | null }>(SECRET_KEY, 'query ($id: ID!) { decision(id: $id) { id } }', { id: ids[0] }))
          .decision,
      { what: 'the record' },
    );
    await eventually(
      async () =>
        (await loop.api().must<{ decision: object | null }>(SECRET_KEY, 'query ($id: ID!) { decision(id: $id) { id } }', { id: ids[1] }))
          .decision,
      { what: 'the record' },
    );

    expect(await traces(open)).toEqual(expect.arrayContaining(['events', 'ledger_batches', 'profiles', 'trials']));
    expect(await traces(quiet)).toEqual([]);
    const rollups = await loop.mongo.connection().collection('rollups').find({ placementId: 'hero' }).toArray();
    expect(rollups.reduce((sum, row) => sum + Number(row['clicks'] ?? 0), 0)).toBe(2);
    const exported = async (id: string) =>
      (await loop.api().must<{ exportProfile: Exported }>(SECRET_KEY, 'query ($id: ID!) { exportProfile(visitorId: $id) }', { id }))
        .exportProfile;
    const whole = await exported(open);
    expect(whole).toMatchObject({ visitorIds: [open], profile: { aliases: [open] }, features: { clicks: 1 } });
    expect(whole.consent).toMatchObject({ PERSONALIZATION: { status: 'GRANTED' } });
    const sizes = Object.fromEntries(Object.entries(whole.held).map(([place, rows]) => [place, rows.length]));
    expect(sizes).toMatchObject({ events: 2, quarantine: 0, trials: 1, ledger: 2, decisions: 1 });
    const hash = hashes.hash(visitorId(open));
    for (const row of Object.values(whole.held).flat()) expect(row).toMatchObject({ visitorHash: hash });
    expect(await exported(quiet)).toMatchObject({
      profile: null,
      held: { 'queued events': [], 'queued decisions': [], events: [], quarantine: [], trials: [], ledger: [], decisions: [] },
    });
    const ask = (id: string) =>
      loop.api().must(SECRET_KEY, 'query ($id: ID!) { profile(visitorId: $id) { behaviour { clicks } } }', { id });
    expect(await ask(open)).toEqual({ profile: { behaviour: { clicks: 1 } } });
    expect(await ask(quiet)).toEqual({ profile: null });
  });

  /** Collections that hold the id or the hash of a visitor, or anything under their profile's id. */
  async function traces(visitor: string): Promise<readonly string[]> {
    const connection = loop.mongo.connection();
    const hash = hashes.hash(visitorId(visitor));
    const names = (await connection.listCollections()).map(({ name }) => name);
    const alias = await connection.collection<{ _id: string; profileId: string }>('profile_aliases').findOne({ _id: hash });
    const signs = [visitor, hash, ...(alias === null ? [] : [alias.profileId])];
    const found = await Promise.all(
      names.map(async (name) => {
        const text = JSON.stringify(await connection.collection(name).find().toArray());
        return signs.some((sign) => text.includes(sign)) ? [name] : [];
      }),
    );
    return found.flat();
  }
});

interface Exported {
  readonly consent: object;
  readonly held: Readonly<Record<string, readonly object[]>>;
}

/** A refused nullable field leaves `{ field: null }`. */
function dataOf(data: Readonly<Record<string, unknown>> | null): unknown {
  return data !== null && Object.values(data).every((value) => value === null) ? null : data;
}
