import type { Clock } from '@vitrine/kernel';
import { newUuid, type ChangeListener, type ChangeMessage, type PersonalSealer } from '@vitrine/platform';
import {
  CachedProfileReader,
  createProfileChanges,
  createVisitorHasher,
  EraseProfile,
  heldLearnedEvents,
  ExportProfile,
  Identify,
  IdentityMutationsResolver,
  IdentityResolver,
  ListProfiles,
  MergeProfiles,
  MongoProfileRepository,
  PrivacyResolver,
  ProfileResolver,
  ReadProfile,
  SetConsent,
  UnmergeProfile,
  type ConsentDefault,
  type IdentityDeps,
  type PersonalData,
  type ProfileReader,
  type ProfileWatcher,
  type VisitorHasher,
} from '@vitrine/profile';
import type { Connection } from 'mongoose';
import { every } from './every';
import type { Part } from './part';

export interface ProfilePartDeps {
  readonly connection: Connection;
  readonly changes: Pick<ChangeListener, 'on' | 'onGap'>;
  readonly announce: (message: ChangeMessage) => void;
  readonly clock: Clock;
  /** 32 bytes, the same in every process. */
  readonly visitorHashKey: Uint8Array;
  readonly personal: PersonalSealer;
  readonly consentDefault: ConsentDefault;
  readonly deadlineMs: number;
  readonly maxProfiles: number;
  /** What else this process remembers of profiles. */
  readonly watcher: ProfileWatcher;
  /** Where data of people lies outside of profiles, in the order of an erasure. */
  readonly places: (hasher: VisitorHasher) => readonly PersonalData[];
  /** How long anything of an erased person may be outstanding. */
  readonly tombstoneMs: number;
}

export interface ProfilePart extends Part {
  readonly profiles: ProfileReader;
  readonly hasher: VisitorHasher;
  readonly identities: IdentityResolver;
}

const CATCH_UP_MS = 500;

/** Profiles: a cache that decisions read, kept young by notices and by asking what changed. */
export function composeProfile(deps: ProfilePartDeps): ProfilePart {
  const { connection, changes, announce, clock, consentDefault, personal: sealer, watcher } = deps;
  const hasher = createVisitorHasher(deps.visitorHashKey);
  const repository = new MongoProfileRepository({ connection, hasher, sealer, clock, loadRefusals: consentDefault === 'GRANTED' });
  const cache = new CachedProfileReader(
    { source: repository, clock, watcher },
    { maxProfiles: deps.maxProfiles, deadlineMs: deps.deadlineMs },
  );
  changes.on(({ kind, id, revision }) => {
    if (kind === 'profile') cache.invalidate(id, revision);
  });
  changes.onGap(() => {
    watcher.lostTrack(); // what was missed is known only once the database was asked
    void cache.catchUp();
  });
  const identity: IdentityDeps = {
    profiles: repository,
    changes: createProfileChanges({ cache, announce }),
    clock,
    newId: () => newUuid(clock),
    consentDefault,
  };
  const identities = new IdentityResolver({ connection, hasher, sealer });
  const places = [...deps.places(hasher), heldLearnedEvents(connection)];
  const exporting = new ExportProfile({ profiles: repository, hasher, identities, places, clock });
  const { changes: told, newId } = identity;
  const erasing = new EraseProfile({ profiles: repository, changes: told, hasher, places, clock, newId, tombstoneMs: deps.tombstoneMs });
  return {
    profiles: cache,
    hasher,
    identities,
    resolvers: [
      [
        ProfileResolver,
        new ProfileResolver({ read: new ReadProfile({ profiles: repository }), list: new ListProfiles({ profiles: repository }), clock }),
      ],
      [
        IdentityMutationsResolver,
        new IdentityMutationsResolver({
          identify: new Identify(identity),
          setConsent: new SetConsent(identity),
          merge: new MergeProfiles(identity),
          unmerge: new UnmergeProfile({ ...identity, hasher }),
        }),
      ],
      [PrivacyResolver, new PrivacyResolver({ exporting, erasing })],
    ],
    closers: [every(CATCH_UP_MS, 'profile catch-up', () => cache.catchUp())],
  };
}
