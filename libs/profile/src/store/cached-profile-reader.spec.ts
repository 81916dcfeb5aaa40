import { visitorId, type VisitorId } from '@vitrine/kernel';
import { eventually, fakeClock } from '@vitrine/testing';
import { newProfile } from '../domain/profile';
import type { Consent, Profile } from '../domain/types';
import { CachedProfileReader, type CachedProfileReaderOptions, type ProfileSource, type ProfileWatcher } from './cached-profile-reader';
import type { ProfileChange } from './mongo-profile.repository';
import { createProfileChanges } from './profile-changes';

const ANN = visitorId('ann');
const BOB = visitorId('bob');

function aProfile(id: string, alias: VisitorId, version = 1): Profile {
  return { ...newProfile({ id, alias, userId: null, nowMs: 0 }), version };
}

/** A database whose answers a test holds back, fails or changes. */
class FakeSource implements ProfileSource {
  readonly profiles = new Map<VisitorId, Profile>();
  readonly consents = new Map<VisitorId, Consent>();
  readonly loads: (readonly VisitorId[])[] = [];
  changes: ProfileChange[] = [];
  down = false;
  private held: (() => void)[] | null = null;

  async load(ids: readonly VisitorId[]) {
    this.loads.push(ids);
    if (this.down) throw new RangeError('down');
    const answer = { profiles: new Map(this.profiles), consents: new Map(this.consents) }; // what the database knew when it was asked
    const { held } = this;
    if (held !== null) await new Promise<void>((resolve) => held.push(resolve));
    return answer;
  }

  async changedSince(sinceMs: number) {
    if (this.down) throw new RangeError('down');
    return this.changes.filter(({ updatedAt }) => updatedAt >= sinceMs);
  }

  stall(): void {
    this.held = [];
  }

  release(): void {
    for (const resolve of this.held ?? []) resolve();
    this.held = null;
  }
}

function setUp(options: Partial<CachedProfileReaderOptions> = {}) {
  const source = new FakeSource();
  const clock = fakeClock();
  const told: string[] = [];
  const watcher: ProfileWatcher = {
    changed: (profileId, revision) => void told.push(`${profileId} ${revision}`),
    lostTrack: () => void told.push('lost'),
  };
  return { source, clock, told, reader: new CachedProfileReader({ source, clock, watcher }, { deadlineMs: 2_000, ...options }) };
}

describe('CachedProfileReader', () => {
  it('loads a profile once and then reads it from memory', async () => {
    const { source, reader } = setUp();
    source.profiles.set(ANN, aProfile('p1', ANN));
    expect(await reader.read(ANN)).toMatchObject({ status: 'found', profile: { id: 'p1' } });
    expect(await reader.read(ANN)).toMatchObject({ status: 'found' });
    expect(source.loads).toEqual([[ANN]]);
  });

  it('asks once for all visitors that miss at the same moment, each named once', async () => {
    const { source, reader } = setUp();
    source.profiles.set(ANN, aProfile('p1', ANN));
    const reads = await Promise.all([reader.read(ANN), reader.read(BOB), reader.read(ANN)]);
    expect(reads.map(({ status }) => status)).toEqual(['found', 'absent', 'found']);
    expect(source.loads).toEqual([[ANN, BOB]]);
  });

  it('answers unavailable at the deadline, and the load goes on to fill the cache', async () => {
    const { source, reader } = setUp({ deadlineMs: 15 });
    source.profiles.set(ANN, aProfile('p1', ANN));
    source.stall();
    expect(await reader.read(ANN)).toEqual({ status: 'unavailable' });
    expect(await reader.read(ANN)).toEqual({ status: 'unavailable' });
    expect(source.loads).toHaveLength(1);
    source.release();
    await eventually(() => reader.size === 1, { what: 'the stalled load to fill the cache' });
    expect(await reader.read(ANN)).toMatchObject({ status: 'found' });
    expect(source.loads).toHaveLength(1);
  });

  it('believes that a stranger is one for a second', async () => {
    const { source, clock, reader } = setUp();
    expect(await reader.read(ANN)).toEqual({ status: 'absent' });
    source.profiles.set(ANN, aProfile('p1', ANN));
    clock.advance(900);
    expect(await reader.read(ANN)).toEqual({ status: 'absent' });
    clock.advance(200);
    expect(await reader.read(ANN)).toMatchObject({ status: 'found' });
  });

  it('says what a stranger refused', async () => {
    const { source, reader } = setUp();
    const consent: Consent = { PERSONALIZATION: { status: 'DENIED', at: 1, source: 's' } };
    source.consents.set(ANN, consent);
    expect(await reader.read(ANN)).toEqual({ status: 'absent', consent });
    reader.putStranger(BOB, consent);
    expect(await reader.read(BOB)).toEqual({ status: 'absent', consent });
    expect(source.loads).toEqual([[ANN]]);
  });

  it('reads again what was announced as changed, and keeps what is as new as the announcement', async () => {
    const { source, reader } = setUp();
    source.profiles.set(ANN, aProfile('p1', ANN, 1));
    await reader.read(ANN);
    source.profiles.set(ANN, aProfile('p1', ANN, 2));
    reader.invalidate('p1', 2);
    expect(await reader.read(ANN)).toMatchObject({ profile: { version: 2 } });
    reader.invalidate('p1', 2);
    reader.invalidate('p1', 1);
    await reader.read(ANN);
    expect(source.loads).toHaveLength(2);
  });

  it('does not keep what a load brings that was overtaken by an announcement', async () => {
    const { source, reader } = setUp();
    source.profiles.set(ANN, aProfile('p1', ANN, 1));
    source.stall();
    const early = reader.read(ANN);
    await eventually(() => source.loads.length === 1, { what: 'the load to start' });
    source.profiles.set(ANN, aProfile('p1', ANN, 2));
    reader.invalidate('p1', 2);
    source.release();
    await early;
    expect(await reader.read(ANN)).toMatchObject({ profile: { version: 2 } });
  });

  it('never replaces a newer profile by an older one', async () => {
    const { source, reader } = setUp();
    source.profiles.set(ANN, aProfile('p1', ANN, 1));
    source.stall();
    const early = reader.read(ANN);
    await eventually(() => source.loads.length === 1, { what: 'the load to start' });
    reader.put(aProfile('p1', ANN, 5));
    source.release();
    expect(await early).toMatchObject({ profile: { version: 5 } });
    reader.put(aProfile('p1', ANN, 4));
    expect(await reader.read(ANN)).toMatchObject({ profile: { version: 5 } });
  });

  it('knows a profile that was put while its absence was being loaded, under all its ids', async () => {
    const { source, reader } = setUp();
    source.stall();
    const early = reader.read(ANN);
    await eventually(() => source.loads.length === 1, { what: 'the load to start' });
    reader.put({ ...aProfile('p1', ANN), aliases: [ANN, BOB] });
    source.release();
    expect(await early).toMatchObject({ status: 'found' });
    expect(await reader.read(BOB)).toMatchObject({ status: 'found' });
    expect(source.loads).toHaveLength(1);
  });

  it('answers at once while the database is down, without asking it, and recovers by itself', async () => {
    const { source, reader } = setUp({ breakerFailures: 3, breakerOpenMs: 20 });
    source.profiles.set(ANN, aProfile('p1', ANN));
    source.down = true;
    for (let i = 0; i < 3; i++) expect(await reader.read(ANN)).toEqual({ status: 'unavailable' });
    expect(await reader.read(ANN)).toEqual({ status: 'unavailable' });
    expect(source.loads).toHaveLength(3);
    source.down = false;
    await eventually(async () => (await reader.read(ANN)).status === 'found', { what: 'the breaker to close' });
    expect(reader.size).toBe(1);
  });

  it('opens the breaker when loads hang rather than fail', async () => {
    const { source, reader } = setUp({ deadlineMs: 5, loadTimeoutMs: 10, breakerFailures: 2, breakerOpenMs: 60_000 });
    source.stall();
    await eventually(
      async () => {
        const before = source.loads.length;
        await reader.read(ANN);
        return source.loads.length === before && source.loads.length >= 2;
      },
      { what: 'a read that does not ask the database' },
    );
    expect(await reader.read(BOB)).toEqual({ status: 'unavailable' });
    expect(source.loads.flat()).not.toContain(BOB);
    source.release();
  });

  it('serves what it holds while the database is down', async () => {
    const { source, reader } = setUp();
    source.profiles.set(ANN, aProfile('p1', ANN));
    await reader.read(ANN);
    source.down = true;
    await reader.catchUp();
    expect(await reader.read(ANN)).toMatchObject({ status: 'found' });
  });

  it('finds changes whose notices were lost, also of an id that moved to another profile', async () => {
    const { source, clock, reader } = setUp();
    source.profiles.set(ANN, aProfile('p1', ANN, 1)).set(BOB, aProfile('p2', BOB, 1));
    await Promise.all([reader.read(ANN), reader.read(BOB)]);
    const joined = { ...aProfile('p1', ANN, 2), aliases: [ANN, BOB] };
    source.profiles.set(ANN, joined).set(BOB, joined);
    source.changes = [{ id: 'p1', version: 2, aliases: [ANN, BOB], updatedAt: clock.now() }];
    await reader.catchUp();
    expect(await reader.read(ANN)).toMatchObject({ profile: { id: 'p1', version: 2 } });
    expect(await reader.read(BOB)).toMatchObject({ profile: { id: 'p1', version: 2 } });
  });

  it('tells who watches of every change, however it came to be known', async () => {
    const { source, clock, reader, told } = setUp();
    reader.invalidate('p-unknown', 4);
    reader.put(aProfile('p1', ANN, 3));
    source.changes = [{ id: 'p2', version: 6, aliases: [BOB], updatedAt: clock.now() }];
    await reader.catchUp();
    expect(told).toEqual(['p-unknown 4', 'p1 3', 'p2 6']);
    source.changes = Array.from({ length: 10_000 }, (_, i) => ({ id: `q${i}`, version: 1, aliases: [], updatedAt: clock.now() }));
    await reader.catchUp();
    expect(told.length).toBe(3 + 10_000 + 1);
    expect(told.at(-1)).toBe('lost');
  });

  it('holds no more profiles, and no more bytes, than it may', async () => {
    const few = setUp({ maxProfiles: 10 }).reader;
    const small = setUp({ maxBytes: 20_000 }).reader;
    for (let i = 0; i < 100; i++) {
      const id = visitorId(`v${i}`);
      few.put(aProfile(`p${i}`, id));
      small.put(aProfile(`p${i}`, id));
    }
    expect(few.size).toBe(10);
    expect(small.size).toBeGreaterThan(10);
    expect(small.size).toBeLessThan(50);
  });
});

describe('createProfileChanges', () => {
  it('makes a write visible to the next read and announces it by id and revision only', async () => {
    const { source, reader } = setUp();
    const announced: unknown[] = [];
    const changes = createProfileChanges({ cache: reader, announce: (message) => announced.push(message) });
    changes.saved(aProfile('p1', ANN, 3));
    changes.removed('p0', 7);
    changes.consentRecorded(BOB, {});
    expect(await reader.read(ANN)).toMatchObject({ profile: { version: 3 } });
    expect(source.loads).toEqual([]);
    expect(announced).toEqual([
      { kind: 'profile', id: 'p1', revision: 3 },
      { kind: 'profile', id: 'p0', revision: 7 },
    ]);
  });
});
