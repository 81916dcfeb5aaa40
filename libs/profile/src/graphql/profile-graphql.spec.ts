import { graphql, isObjectType, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { DomainError, type VisitorId } from '@vitrine/kernel';
import { ACCESS_EXTENSION, scopesOf, type Principal, type Scope } from '@vitrine/platform';
import { fakeClock } from '@vitrine/testing';
import { Identify } from '../application/identify';
import { MergeProfiles } from '../application/merge-profiles';
import type { ErasedIdentity, ProfileQuery, ProfileRepository, ProfileTransaction } from '../application/profile.repository';
import { ListProfiles, ReadProfile } from '../application/read-profiles';
import { SetConsent } from '../application/set-consent';
import { applyEvents, FEATURE_CATALOGUE } from '../domain/features/feature-catalogue';
import { aProfileEvent } from '../domain/profile-event.fixture';
import type { Consent, Profile } from '../domain/types';
import { UnmergeProfile } from '../application/unmerge-profile';
import type { LearnedEvent } from '../domain/unmerge';
import { createVisitorHasher } from '../store/visitor-hasher';
import { IdentityMutationsResolver } from './identity.resolver';
import type { ProfileContext } from './profile.context';
import { ProfileResolver } from './profile.resolver';

/** One process's memory in place of Mongo; the real one is exercised by the integration specs. */
class MemoryProfiles implements ProfileRepository, ProfileTransaction {
  readonly rows = new Map<string, Profile>();
  readonly consents = new Map<VisitorId, Consent>();

  transaction<T>(work: (tx: ProfileTransaction) => Promise<T>): Promise<T> {
    return work(this);
  }
  async find(visitorId: VisitorId): Promise<Profile | null> {
    return [...this.rows.values()].find(({ aliases }) => aliases.includes(visitorId)) ?? null;
  }
  async list({ after, limit }: ProfileQuery): Promise<readonly Profile[]> {
    const rows = [...this.rows.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    return rows.filter(({ id }) => after === null || id < after.id).slice(0, limit);
  }
  async known(ids: readonly VisitorId[]): Promise<{ profiles: readonly Profile[]; recordedConsent: Consent }> {
    const found = await Promise.all(ids.map((id) => this.find(id)));
    const [first] = ids;
    return {
      profiles: [...new Set(found.filter((row) => row !== null))],
      recordedConsent: (first !== undefined && this.consents.get(first)) || {},
    };
  }
  async save({ profile }: { profile: Profile }): Promise<void> {
    this.rows.set(profile.id, profile);
  }
  async remove(id: string): Promise<void> {
    this.rows.delete(id);
  }
  async recordConsent(visitorId: VisitorId, consent: Consent): Promise<void> {
    this.consents.set(visitorId, consent);
  }
  async erase({ profile }: Parameters<ProfileTransaction['erase']>[0]): Promise<ErasedIdentity> {
    const profiles = profile !== null && this.rows.delete(profile.id) ? 1 : 0;
    return { profiles, aliases: profile?.aliases.length ?? 0, consents: 0 };
  }
  async learned(): Promise<readonly LearnedEvent[]> {
    return [];
  }
}

const SECRET: Principal = { kind: 'secret', keyId: 'k' };
const PUBLISHABLE: Principal = { kind: 'publishable', keyId: 'k' };
const VIEWER: Principal = { kind: 'staff', keyId: 'k', subject: 's', role: 'viewer' };
const visitor = (userId: string): Principal => ({ kind: 'visitor', keyId: 'k', userId });

async function setUp() {
  const profiles = new MemoryProfiles();
  const clock = fakeClock();
  const changes = { saved: () => undefined, removed: () => undefined, consentRecorded: () => undefined };
  let ids = 0;
  const deps = { profiles, clock, changes, newId: () => `p${++ids}`, consentDefault: 'DENIED' } as const;
  const instances = new Map<unknown, unknown>([
    [ProfileResolver, new ProfileResolver({ read: new ReadProfile(deps), list: new ListProfiles(deps), clock })],
    [
      IdentityMutationsResolver,
      new IdentityMutationsResolver({
        identify: new Identify(deps),
        setConsent: new SetConsent(deps),
        merge: new MergeProfiles(deps),
        unmerge: new UnmergeProfile({ ...deps, hasher: createVisitorHasher(new Uint8Array(32)) }),
      }),
    ],
  ]);
  const schema = await buildSchema({
    resolvers: [ProfileResolver, IdentityMutationsResolver],
    container: { get: (cls) => instances.get(cls) },
    validate: { forbidUnknownValues: true },
    authChecker: ({ context }: { context: ProfileContext }, scopes: Scope[]) =>
      scopes.some((scope) => scopesOf(context.principal).has(scope)),
  });
  const run = async (principal: Principal, source: string, variableValues: Record<string, unknown> = {}) => {
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue: { principal } satisfies ProfileContext });
    const codes = (errors ?? []).map(({ originalError, extensions }) =>
      originalError instanceof DomainError ? originalError.code : extensions['code'],
    );
    return { data: JSON.parse(JSON.stringify(data ?? null)) as unknown, codes };
  };
  return { schema, run, profiles };
}

const IDENTIFY = 'mutation($input: IdentifyInput!) { identify(input: $input) { status } }';
const CONSENT =
  'mutation($input: ConsentInput!) { setConsent(input: $input) { visitorId profileKept dataCleared purposes { purpose status } } }';
const grant = (visitorId: string) => ({
  input: { visitorId, purposes: [{ purpose: 'PERSONALIZATION', status: 'GRANTED' }], source: 'banner' },
});

function objectTypesWithoutAccess(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && type.name !== 'Query' && type.name !== 'Mutation')
    .filter((type) => type.extensions[ACCESS_EXTENSION] === undefined)
    .map(({ name }) => name);
}

describe('the profile schema', () => {
  it('says of every type who may see it', async () => {
    expect(objectTypesWithoutAccess((await setUp()).schema)).toEqual([]);
  });

  it('gives a visitor’s token its own identity and nobody else’s', async () => {
    const { run, profiles } = await setUp();
    expect(await run(visitor('u1'), CONSENT, grant('u1'))).toMatchObject({
      codes: [],
      data: { setConsent: { visitorId: 'u1', profileKept: true } },
    });
    expect(await run(visitor('u1'), IDENTIFY, { input: { anonymousId: 'anon-1', traits: { plan: 'gold' } } })).toEqual({
      codes: [],
      data: { identify: { status: 'IDENTIFIED' } },
    });
    expect([...profiles.rows.values()]).toMatchObject([{ userId: 'u1', aliases: ['anon-1', 'u1'], traits: { plan: 'gold' } }]);
    expect((await run(visitor('u1'), IDENTIFY, { input: { userId: 'u2' } })).codes).toEqual(['FORBIDDEN']);
    expect((await run(visitor('u2'), IDENTIFY, { input: { anonymousId: 'anon-1' } })).codes).toEqual(['IDENTITY_CONFLICT']);
    expect((await run(visitor('u2'), CONSENT, grant('anon-1'))).codes).toEqual(['IDENTITY_CONFLICT']);
    expect((await run(visitor('u2'), CONSENT, grant('u1'))).codes).toEqual(['IDENTITY_CONFLICT']);
  });

  it('merges two people for a server, and says by code why not', async () => {
    const { run, profiles } = await setUp();
    const MERGE = 'mutation($from: ID!, $into: ID!) { mergeProfiles(from: $from, into: $into) { profileId visitorIds } }';
    for (const id of ['u1', 'anon-1', 'u2']) await run(SECRET, CONSENT, grant(id));
    for (const userId of ['u1', 'u2']) await run(SECRET, IDENTIFY, { input: { userId } });
    const merged = await run(SECRET, MERGE, { from: 'anon-1', into: 'u1' });
    expect(merged).toEqual({ codes: [], data: { mergeProfiles: { profileId: 'p1', visitorIds: ['anon-1', 'u1'] } } });
    const before = JSON.stringify([...profiles.rows.values()]);
    const refused = async (from: string, into: string) => (await run(SECRET, MERGE, { from, into })).codes;
    expect(await refused('u1', 'u1')).toEqual(['IDENTITY_CONFLICT']);
    expect(await refused('u1', 'anon-1')).toEqual(['IDENTITY_CONFLICT']);
    expect(await refused('anon-1', 'u2')).toEqual(['IDENTITY_CONFLICT']);
    expect(await refused('nobody', 'u2')).toEqual(['NOT_FOUND']);
    expect((await run(visitor('u1'), MERGE, { from: 'anon-1', into: 'u2' })).codes).toHaveLength(1);
    expect(JSON.stringify([...profiles.rows.values()])).toBe(before);
  });

  it('takes an id out of a profile for a server, and says by code why not', async () => {
    const { run } = await setUp();
    const UNMERGE =
      'mutation($id: ID!) { unmergeProfile(visitorId: $id) { kept { profileId visitorIds } taken { profileId visitorIds } } }';
    await run(SECRET, CONSENT, grant('anon-1'));
    await run(SECRET, IDENTIFY, { input: { anonymousId: 'anon-1', userId: 'u1', traits: { plan: 'gold' } } });
    expect(await run(SECRET, UNMERGE, { id: 'anon-1' })).toEqual({
      codes: [],
      data: { unmergeProfile: { kept: { profileId: 'p1', visitorIds: ['u1'] }, taken: { profileId: 'p2', visitorIds: ['anon-1'] } } },
    });
    expect((await run(SECRET, UNMERGE, { id: 'u1' })).codes).toEqual(['IDENTITY_CONFLICT']);
    expect((await run(SECRET, UNMERGE, { id: 'nobody' })).codes).toEqual(['NOT_FOUND']);
    expect((await run(visitor('u1'), UNMERGE, { id: 'anon-1' })).codes).toHaveLength(1);
  });

  it('leaves everything as it is at a consent for an unknown purpose', async () => {
    const { run, profiles } = await setUp();
    const purposes = [
      { purpose: 'PERSONALIZATION', status: 'GRANTED' },
      { purpose: 'ASTROLOGY', status: 'GRANTED' },
    ];
    const { data, codes } = await run(SECRET, CONSENT, { input: { visitorId: 'u1', purposes, source: 'banner' } });
    expect([data, codes]).toEqual([null, [undefined]]); // the gateway gives what GraphQL itself refuses its code
    expect(profiles.rows.size + profiles.consents.size).toBe(0);
  });

  it('refuses a bare publishable key and staff who only read', async () => {
    const { run, profiles } = await setUp();
    for (const principal of [PUBLISHABLE, VIEWER]) {
      expect((await run(principal, CONSENT, grant('anon-1'))).codes).toHaveLength(1);
      expect((await run(principal, IDENTIFY, { input: { anonymousId: 'anon-1' } })).codes).toHaveLength(1);
    }
    expect(profiles.rows.size + profiles.consents.size).toBe(0);
  });

  it('shows profiles to those who may read them only', async () => {
    const { run } = await setUp();
    await run(SECRET, CONSENT, grant('anon-1'));
    const query =
      '{ profile(visitorId: "anon-1") { id aliases interests { category weight } consents { purpose status source } behaviour { visits } } }';
    expect(await run(VIEWER, query)).toMatchObject({
      codes: [],
      data: { profile: { id: 'p1', consents: [{ purpose: 'PERSONALIZATION', status: 'GRANTED', source: 'banner' }] } },
    });
    for (const principal of [PUBLISHABLE, visitor('u1')]) expect((await run(principal, query)).codes).toHaveLength(1);
    expect(await run(SECRET, '{ profile(visitorId: "nobody") { id } }')).toEqual({ codes: [], data: { profile: null } });
  });

  it('gives the features of a person by name, in the field of their type, and the catalogue that declares them', async () => {
    const { run, profiles } = await setUp();
    await run(SECRET, CONSENT, grant('anon-1'));
    const [row] = profiles.rows.values();
    if (row === undefined) throw new RangeError('consent made a profile');
    const learned = [aProfileEvent({ type: 'PRODUCT_VIEW', category: 'hats', productId: 'p9', occurredAt: 1_000 })];
    profiles.rows.set(row.id, { ...row, features: applyEvents(row.features, learned) });
    const read = (names: string): string =>
      `{ profile(visitorId: "anon-1") { features${names} { name type number text time table { key value } } } }`;
    expect(await run(VIEWER, read('(names: ["visits", "lastCategory", "lastSeenAt", "weekday", "scrollDepth"])'))).toEqual({
      codes: [],
      data: {
        profile: {
          features: [
            { name: 'visits', type: 'NUMBER', number: 1, text: null, time: null, table: null },
            { name: 'lastSeenAt', type: 'TIME', number: null, text: null, time: '1970-01-01T00:00:01.000Z', table: null },
            { name: 'lastCategory', type: 'TEXT', number: null, text: 'hats', time: null, table: null },
            { name: 'scrollDepth', type: 'NUMBER', number: null, text: null, time: null, table: null },
            { name: 'weekday', type: 'TABLE', number: null, text: null, time: null, table: [{ key: 'THURSDAY', value: 1 }] },
          ],
        },
      },
    });
    expect(await run(VIEWER, read('(names: ["shoeSize"])'))).toMatchObject({ codes: ['UNKNOWN_FEATURE'] });
    const catalogue = '{ featureCatalogue { name type unit window halfLifeMs purpose events description } }';
    expect(await run(VIEWER, catalogue)).toMatchObject({
      codes: [],
      data: { featureCatalogue: FEATURE_CATALOGUE.map(({ name, purpose, events }) => ({ name, purpose, events })) },
    });
    for (const query of [catalogue, read('')]) expect((await run(PUBLISHABLE, query)).codes).toHaveLength(1);
  });

  it('pages through profiles by cursor', async () => {
    const { run } = await setUp();
    for (const id of ['a', 'b', 'c']) await run(SECRET, CONSENT, grant(id));
    const query =
      'query($after: String) { profiles(first: 2, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    const first = await run(SECRET, query);
    expect(first.data).toMatchObject({
      profiles: { edges: [{ node: { id: 'p3' } }, { node: { id: 'p2' } }], pageInfo: { hasNextPage: true, hasPreviousPage: false } },
    });
    const second = await run(SECRET, query, { after: 'seenAt.D~0~p2' });
    expect(second.data).toMatchObject({
      profiles: { edges: [{ node: { id: 'p1' } }], pageInfo: { hasNextPage: false, hasPreviousPage: true } },
    });
    expect((await run(SECRET, query, { after: 'foreign' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await run(SECRET, '{ profiles(first: 101) { edges { cursor } } }')).codes).toEqual(['BAD_USER_INPUT']);
  });

  it.each([
    ['{ features: [{ name: "visits", min: 1, max: 3 }], segmentId: "s" }', []],
    ['{ consent: { purpose: TRAINING, status: GRANTED }, seenFrom: "2026-01-01T00:00:00Z" }', []],
    ['{ features: [{ name: "shoeSize" }] }', ['UNKNOWN_FEATURE']],
    ['{ features: [{ name: "bounceShare" }] }', ['FILTER_NOT_INDEXED']],
    ['{ features: [{ name: "visits" }, { name: "purchases" }] }', ['FILTER_NOT_INDEXED']],
    ['{ features: [{ name: "$where" }] }', ['BAD_USER_INPUT']],
  ])('lists profiles by %s', async (filter, codes) => {
    const { run } = await setUp();
    const query = `{ profiles(filter: ${filter}, direction: ASCENDING) { edges { cursor } } }`;
    expect((await run(VIEWER, query)).codes).toEqual(codes);
  });

  it.each([
    ['a nested trait', { anonymousId: 'a', traits: { a: { b: 1 } } }, 'BAD_USER_INPUT'],
    ['an id with a space', { anonymousId: 'a b' }, 'BAD_USER_INPUT'],
    ['no id', {}, 'BAD_USER_INPUT'],
    ['a locale that is none', { anonymousId: 'a', locale: '<script>' }, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, input, code) => {
    const { run } = await setUp();
    expect((await run(SECRET, IDENTIFY, { input })).codes).toEqual([code]);
  });
});
