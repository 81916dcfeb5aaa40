import { DomainError, mulberry32, visitorId, type VisitorId } from '@vitrine/kernel';
import { createPersonalSealer, newUuid, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { MergeProfiles } from '../application/merge-profiles';
import { SetConsent } from '../application/set-consent';
import { UnmergeProfile } from '../application/unmerge-profile';
import { applyEvents, emptyFeatures, readFeatures } from '../domain/features/feature-catalogue';
import { aProfileEvent } from '../domain/profile-event.fixture';
import type { ProfileEvent } from '../domain/profile-event';
import type { ConsentStatus } from '../domain/types';
import { LEARNED_EVENTS } from './learned-events';
import { MongoProfileRepository } from './mongo-profile.repository';
import { ProfileEventApplier } from './profile-event-applier';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const T = Date.UTC(2026, 0, 5, 11);
const IDS = ['anna', 'berta', 'carla'].map(visitorId);

describe('taking people apart', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));
  afterEach(() => mongo.clear());

  async function setUp() {
    const clock = fakeClock(T - 60_000);
    const connection = mongo.connection();
    const profiles = new MongoProfileRepository({ connection, hasher, sealer, clock, loadRefusals: false });
    const changes = { saved: () => undefined, removed: () => undefined, consentRecorded: () => undefined };
    const deps = { connection, profiles, hasher, sealer, changes, clock, newId: () => newUuid(clock), consentDefault: 'DENIED' as const };
    const applier = new ProfileEventApplier(deps);
    const consents = new SetConsent(deps);
    const did = new Map<VisitorId, ProfileEvent[]>(IDS.map((id) => [id, []]));
    let serial = 0;
    const say = (id: VisitorId, status: ConsentStatus) =>
      consents.execute({ caller: { kind: 'server' }, visitorId: id, purposes: [{ purpose: 'PERSONALIZATION', status }], source: 's' });
    for (const id of IDS) await say(id, 'GRANTED');
    const learn = async (id: VisitorId): Promise<void> => {
      const n = serial++;
      const event = aProfileEvent({
        type: 'PRODUCT_VIEW',
        category: `c${n % 3}`,
        productId: `p${n}`,
        occurredAt: T + n * 60_000,
        valueMinor: 100 * n,
      });
      await mongo.inTransaction((session) => applier.apply(session, [{ visitorId: id, events: [event] }]));
      did.get(id)?.push(event);
    };
    const merge = new MergeProfiles(deps);
    const unmerge = new UnmergeProfile(deps);
    return {
      profiles,
      did,
      say,
      learn,
      merge: (from: VisitorId, into: VisitorId) => merge.execute({ from, into }),
      part: (id: VisitorId) => unmerge.execute(id),
    };
  }

  type World = Awaited<ReturnType<typeof setUp>>;

  async function expectEverybodyKnowsTheirOwn({ profiles, did }: World): Promise<void> {
    for (const id of IDS) {
      const profile = await profiles.find(id);
      const events = (profile?.aliases ?? []).flatMap((alias) => did.get(alias) ?? []);
      const naive = applyEvents(emptyFeatures(), events, new Set(['PERSONALIZATION']));
      expect([id, rounded(profile?.features ?? emptyFeatures())]).toEqual([id, rounded(naive)]);
    }
  }

  it('restores what each did, after any merging and parting', async () => {
    const world = await setUp();
    const rng = mulberry32(5);
    const any = (): VisitorId => IDS[Math.floor(rng() * IDS.length)] ?? visitorId('anna');
    for (let i = 0; i < 40; i++) {
      await world.learn(any());
      await (rng() < 0.5 ? world.merge(any(), any()) : world.part(any())).catch(unlessRefused);
    }
    await expectEverybodyKnowsTheirOwn(world);
    expect(await mongo.connection().collection(LEARNED_EVENTS).countDocuments()).toBe(40);
  });

  it('loses and doubles nothing that arrives meanwhile', async () => {
    const world = await setUp();
    const [anna, berta] = [visitorId('anna'), visitorId('berta')];
    const arriving = Array.from({ length: 30 }, (_, i) => world.learn(i % 2 === 0 ? anna : berta));
    for (let round = 0; round < 5; round++) {
      await world.merge(berta, anna).catch(unlessRefused);
      await world.part(berta).catch(unlessRefused);
    }
    await Promise.all(arriving);
    await expectEverybodyKnowsTheirOwn(world);
  }, 60_000);

  it('brings nothing back that was forgotten', async () => {
    const world = await setUp();
    const [anna, berta] = [visitorId('anna'), visitorId('berta')];
    for (const id of [anna, berta]) await world.learn(id);
    await world.merge(berta, anna);
    await world.say(anna, 'REVOKED');
    for (const id of IDS) world.did.set(id, []);
    expect(await mongo.connection().collection(LEARNED_EVENTS).countDocuments()).toBe(0);
    await world.part(berta);
    await expectEverybodyKnowsTheirOwn(world);
  });
});

function unlessRefused(error: unknown): void {
  if (!(error instanceof DomainError) || error.code !== 'IDENTITY_CONFLICT') throw error;
}

/** Sums of decayed weights differ in their last bits by the order of adding. */
function rounded(features: Parameters<typeof readFeatures>[0]): unknown {
  const text = JSON.stringify([...readFeatures(features, T + 86_400_000)], (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(10)) : value,
  );
  return JSON.parse(text);
}
