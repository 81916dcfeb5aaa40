import { circuitBreaker, ConsecutiveBreaker, handleAll, timeout, TimeoutStrategy, wrap, type IPolicy } from 'cockatiel';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Clock, VisitorId } from '@vitrine/kernel';
import type { Consent, Profile, ProfileRead, ProfileReader } from '../domain/types';
import { profileBytes } from './profile-bytes';
import type { LoadedVisitors, ProfileChange } from './mongo-profile.repository';

/** Where misses are loaded from. */
export interface ProfileSource {
  load(visitorIds: readonly VisitorId[], maxTimeMs: number): Promise<LoadedVisitors>;
  changedSince(sinceMs: number, limit: number): Promise<readonly ProfileChange[]>;
}

/** Who else holds something that was read off profiles, and must let go of it when they change. */
export interface ProfileWatcher {
  /** What was read before `revision` is outdated; however that came to be known, and whether or not the profile was held here. */
  changed(profileId: string, revision: number): void;
  /** More changed than can be told one by one. */
  lostTrack(): void;
}

export interface CachedProfileReaderOptions {
  /** Profiles held at most. */
  readonly maxProfiles: number;
  /** Estimated heap that they may take; whichever bound is met first evicts the least recently read. */
  readonly maxBytes: number;
  /** How long a decision waits for a profile. */
  readonly deadlineMs: number;
  /** How long a load may go on behind the decision's back before it counts as failed. */
  readonly loadTimeoutMs: number;
  /** How long an unknown id is believed to stay unknown: a notice names profiles, so nothing else ends it. */
  readonly strangerTtlMs: number;
  /** How long a profile is believed without being read again, should every notice of its change be lost. */
  readonly profileTtlMs: number;
  /** Failed loads in a row that open the breaker, and how long it stays open before one load tries again. */
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
}

export const CACHED_PROFILE_READER_DEFAULTS: CachedProfileReaderOptions = {
  maxProfiles: 100_000,
  maxBytes: 192 * 1024 * 1024,
  deadlineMs: 15,
  loadTimeoutMs: 1_000,
  strangerTtlMs: 1_000,
  profileTtlMs: 5 * 60_000,
  breakerFailures: 5,
  breakerOpenMs: 1_000,
};

type Stranger = Extract<ProfileRead, { readonly status: 'absent' }>;

const ABSENT: Stranger = { status: 'absent' };
const UNAVAILABLE: ProfileRead = { status: 'unavailable' };
const BATCH_LIMIT = 500;
/** Writes become visible after their `updatedAt`: transactions take time, and writers' clocks differ. */
const CATCH_UP_OVERLAP_MS = 2_000;
const CATCH_UP_LIMIT = 10_000;

/** Profiles for decisions, from memory; a miss waits no longer than the deadline, an outage not at all. */
export class CachedProfileReader implements ProfileReader {
  private readonly options: CachedProfileReaderOptions;
  private readonly profiles: LRUCache<string, Profile>;
  /** Id of a visitor to the id of the profile, or to what is known of a stranger. */
  private readonly ids: LRUCache<VisitorId, string | Stranger>;
  /** Lowest version that may still be believed, per profile that was announced as changed. */
  private readonly floors: LRUCache<string, number>;
  private readonly pending = new Map<VisitorId, Promise<ProfileRead>>();
  private readonly loader: DataLoader<VisitorId, Profile | Stranger>;
  private readonly guard: IPolicy;
  private seenUpTo: number;

  constructor(
    private readonly deps: { readonly source: ProfileSource; readonly clock: Clock; readonly watcher?: ProfileWatcher },
    options: Partial<CachedProfileReaderOptions> = {},
  ) {
    this.options = { ...CACHED_PROFILE_READER_DEFAULTS, ...options };
    const { maxProfiles, maxBytes, profileTtlMs, strangerTtlMs, loadTimeoutMs, breakerFailures, breakerOpenMs } = this.options;
    const perf = { now: () => deps.clock.now() };
    this.profiles = new LRUCache({
      max: maxProfiles,
      maxSize: maxBytes,
      sizeCalculation: profileBytes,
      ttl: profileTtlMs,
      ttlResolution: 0,
      perf,
    });
    this.ids = new LRUCache({ max: 2 * maxProfiles, ttl: strangerTtlMs, ttlResolution: 0, perf });
    this.floors = new LRUCache({ max: maxProfiles });
    this.loader = new DataLoader((keys) => this.loadBatch(keys), { cache: false, maxBatchSize: BATCH_LIMIT });
    this.guard = wrap(
      circuitBreaker(handleAll, { halfOpenAfter: breakerOpenMs, breaker: new ConsecutiveBreaker(breakerFailures) }),
      timeout(loadTimeoutMs, TimeoutStrategy.Aggressive),
    );
    this.seenUpTo = deps.clock.now();
  }

  async read(visitorId: VisitorId): Promise<ProfileRead> {
    return this.cached(visitorId) ?? withinDeadline(this.load(visitorId), this.options.deadlineMs);
  }

  /** Takes a profile that this process has just written, so that its very next decision knows it. Never replaces newer by older. */
  put(profile: Profile): void {
    this.deps.watcher?.changed(profile.id, profile.version);
    this.keep(profile);
    for (const alias of profile.aliases) this.ids.set(alias, profile.id, { ttl: 0 });
  }

  /** The same for the consent of somebody without a profile. */
  putStranger(visitorId: VisitorId, consent: Consent): void {
    this.ids.set(visitorId, strangerOf(consent));
  }

  /** A notice came in: whatever is older than `revision` is forgotten, also where it is being loaded right now. */
  invalidate(profileId: string, revision: number): void {
    this.deps.watcher?.changed(profileId, revision);
    if (revision > (this.floors.get(profileId) ?? 0)) this.floors.set(profileId, revision);
    const held = this.profiles.peek(profileId);
    if (held !== undefined && held.version < revision) this.profiles.delete(profileId);
  }

  /** Reads what changed since last asked, for notices that got lost; never throws. Call it every half second and after a reconnect. */
  async catchUp(): Promise<void> {
    try {
      const changes = await this.guard.execute(() => this.deps.source.changedSince(this.seenUpTo - CATCH_UP_OVERLAP_MS, CATCH_UP_LIMIT));
      for (const change of changes) this.forgetOlder(change);
      if (changes.length < CATCH_UP_LIMIT) return;
      this.profiles.clear();
      this.deps.watcher?.lostTrack();
    } catch {
      // The next call asks again from the same moment; meanwhile what is held is the best there is.
    }
  }

  /** Profiles held. */
  get size(): number {
    return this.profiles.size;
  }

  private forgetOlder({ id, version, aliases, updatedAt }: ProfileChange): void {
    this.seenUpTo = Math.max(this.seenUpTo, updatedAt);
    this.invalidate(id, version);
    for (const alias of aliases as readonly VisitorId[]) {
      const known = this.ids.get(alias);
      if (known !== undefined && known !== id) this.ids.delete(alias);
    }
  }

  private cached(visitorId: VisitorId): ProfileRead | null {
    const id = this.ids.get(visitorId);
    if (id === undefined) return null;
    if (typeof id !== 'string') return id;
    const profile = this.profiles.get(id);
    // An id that left the profile is asked for anew.
    return profile?.aliases.includes(visitorId) === true ? { status: 'found', profile } : null;
  }

  private load(visitorId: VisitorId): Promise<ProfileRead> {
    const running = this.pending.get(visitorId);
    if (running !== undefined) return running;
    const load = this.loader
      .load(visitorId)
      .then(
        (loaded) => this.remember(visitorId, loaded),
        () => UNAVAILABLE,
      )
      .finally(() => this.pending.delete(visitorId));
    this.pending.set(visitorId, load);
    return load;
  }

  private async loadBatch(keys: readonly VisitorId[]): Promise<(Profile | Stranger)[]> {
    const found = await this.guard.execute(() => this.deps.source.load(keys, this.options.loadTimeoutMs));
    return keys.map((key) => found.profiles.get(key) ?? strangerOf(found.consents.get(key)));
  }

  /** A load may end after a newer write was put or announced: then the newer one is what is known. */
  private remember(visitorId: VisitorId, loaded: Profile | Stranger): ProfileRead {
    if ('status' in loaded) {
      const written = this.cached(visitorId);
      if (written !== null) return written;
      this.ids.set(visitorId, loaded);
      return loaded;
    }
    const best = this.keep(loaded);
    this.ids.set(visitorId, loaded.id, { ttl: 0 });
    return { status: 'found', profile: best };
  }

  /** @returns the newest that is known of the profile */
  private keep(profile: Profile): Profile {
    const held = this.profiles.peek(profile.id);
    if (held !== undefined && held.version >= profile.version) return held;
    if (profile.version >= (this.floors.get(profile.id) ?? 0)) this.profiles.set(profile.id, profile);
    return profile;
  }
}

function strangerOf(consent: Consent | undefined): Stranger {
  return consent === undefined ? ABSENT : { status: 'absent', consent };
}

async function withinDeadline(load: Promise<ProfileRead>, deadlineMs: number): Promise<ProfileRead> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ProfileRead>((resolve) => {
    timer = setTimeout(() => resolve(UNAVAILABLE), deadlineMs);
  });
  try {
    return await Promise.race([load, late]);
  } finally {
    clearTimeout(timer);
  }
}
