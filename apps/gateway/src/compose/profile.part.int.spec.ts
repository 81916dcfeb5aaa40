import { createPersonalSealer, runMigrations, type ChangeHandler } from '@vitrine/platform';
import { profileMigrations } from '@vitrine/profile';
import { fakeClock, useMongo } from '@vitrine/testing';
import { composeProfile } from './profile.part';

describe('the profile part', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));

  it('tells whoever else remembers profiles of every notice, and of gaps between them', async () => {
    const handlers: ChangeHandler[] = [];
    const gapHandlers: (() => void)[] = [];
    const told: string[] = [];
    const part = composeProfile({
      connection: mongo.connection(),
      changes: { on: (handler) => void handlers.push(handler), onGap: (handler) => void gapHandlers.push(handler) },
      announce: () => undefined,
      clock: fakeClock(),
      visitorHashKey: new Uint8Array(32),
      personal: createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]),
      consentDefault: 'DENIED',
      deadlineMs: 1_000,
      maxProfiles: 10,
      watcher: {
        changed: (profileId, revision) => void told.push(`${profileId} ${revision}`),
        lostTrack: () => void told.push('lost'),
      },
      places: () => [],
      tombstoneMs: 1_000,
    });
    try {
      for (const kind of ['profile', 'catalog'] as const) for (const handle of handlers) handle({ kind, id: 'p1', revision: 3 });
      expect(told).toEqual(['p1 3']);
      for (const missed of gapHandlers) missed();
      expect(told).toEqual(['p1 3', 'lost']);
    } finally {
      for (const { close } of part.closers) await close();
    }
  });
});
