import type { CampaignId, VisitorHash, VisitorId } from '@vitrine/kernel';
import {
  consentTier,
  encodeSegmentFeatures,
  exposuresWithin,
  type ConsentDefault,
  type Profile,
  type ProfileReader,
  type VisitorHasher,
} from '@vitrine/profile';
import type { DecidedVisitor } from '../domain/decide-placement';
import type { PersonalFacts } from '../domain/feature-source';
import { personalFacts, segmentFacts, type Place } from '../domain/personal-facts';
import type { SegmentMemory, SegmentPlacer, SegmentSource } from './ports';

/** What the decisions of one page may know of their visitor. */
export interface VisitorSnapshot extends DecidedVisitor {
  /** Goes into tokens also without consent: it proves whose decision it was and is read nowhere else. */
  readonly tokenHash: VisitorHash;
  readonly personal: PersonalFacts | null;
  exposures(campaignId: CampaignId, windowMs: number): number;
}

export interface VisitorSnapshotDeps {
  readonly profiles: ProfileReader;
  readonly hasher: VisitorHasher;
  readonly segments: SegmentSource;
  readonly memory: SegmentMemory;
  readonly consentDefault: ConsentDefault;
}

const NO_EXPOSURES = (): number => 0;

/**
 * Reads the profile within its deadline. Without PERSONALIZATION consent nothing personal comes out of here. While the profile cannot be
 * read (it may hold a revocation), it is the segment at most, where that was remembered: with consent, and with no word of a change since.
 *
 * @param nobody stands for a request that names no visitor, in its tokens only
 */
export async function readVisitor(
  deps: VisitorSnapshotDeps,
  visitorId: VisitorId | null,
  nobody: VisitorId,
  nowMs: number,
): Promise<VisitorSnapshot> {
  const { memory, consentDefault } = deps;
  const tokenHash = deps.hasher.hash(visitorId ?? nobody);
  const base = { hash: visitorId === null ? null : tokenHash, tokenHash, profileMissing: false };
  const stranger = { ...base, consentTier: 'CONTEXT_ONLY', segmentModelVersion: null, personal: null, exposures: NO_EXPOSURES } as const;
  if (visitorId === null) return stranger;
  const read = await deps.profiles.read(visitorId);
  if (read.status === 'unavailable') return { ...stranger, ...remembered(deps, tokenHash), profileMissing: true };
  if (read.status === 'found' && consentTier(read.profile.consent, consentDefault) === 'PERSONALIZED') {
    return { ...base, consentTier: 'PERSONALIZED', ...known(deps, { hash: tokenHash, profile: read.profile, nowMs }) };
  }
  memory.forget(tokenHash);
  if (read.status === 'found') return stranger;
  return { ...stranger, consentTier: consentTier(read.consent ?? {}, consentDefault) };
}

/** What is known of somebody who allows it; noted for the time when the profile cannot be read. */
function known(
  { segments, memory }: VisitorSnapshotDeps,
  { hash, profile, nowMs }: { readonly hash: VisitorHash; readonly profile: Profile; readonly nowMs: number },
): Pick<VisitorSnapshot, 'segmentModelVersion' | 'personal' | 'exposures'> {
  const placer = segments.current();
  const place = placer === null ? null : placeOf(profile, placer, nowMs);
  if (placer !== null && place !== null) {
    const segment = { segmentId: place.segmentId, modelVersion: placer.modelVersion };
    memory.remember(hash, { profileId: profile.id, revision: profile.version, segment });
  }
  return {
    segmentModelVersion: placer?.modelVersion ?? null,
    personal: personalFacts(profile, place, nowMs),
    exposures: (campaignId, windowMs) => exposuresWithin(profile.features, campaignId, { nowMs, windowMs }),
  };
}

/**
 * The stored membership when the live model gave it, else what the model says now, without waiting for a batch; the coordinates are always
 * those of now. Whose segment is stored is placed only once a policy reads coordinates: most decisions need none.
 */
function placeOf(profile: Profile, placer: SegmentPlacer, nowMs: number): Place {
  const { segment } = profile;
  const place = (): Place => placer.place(encodeSegmentFeatures(profile, nowMs));
  return segment?.modelVersion === placer.modelVersion ? new StoredPlace(segment.segmentId, place) : place();
}

/** A class, since an object literal with a getter costs a microsecond to make. */
class StoredPlace implements Place {
  private placed: Place | null = null;

  constructor(
    readonly segmentId: string,
    private readonly place: () => Place,
  ) {}

  get embedding(): Float64Array | null {
    return (this.placed ??= this.place()).embedding;
  }
}

/** Null where the live model's segment of the visitor is not remembered. */
function remembered(
  { segments, memory }: VisitorSnapshotDeps,
  hash: VisitorHash,
): Pick<VisitorSnapshot, 'consentTier' | 'segmentModelVersion' | 'personal'> | null {
  const placer = segments.current();
  const segment = memory.recall(hash);
  if (placer === null || segment?.modelVersion !== placer.modelVersion) return null;
  const embedding = placer.middleOf(segment.segmentId);
  return {
    consentTier: 'PERSONALIZED',
    segmentModelVersion: placer.modelVersion,
    personal: segmentFacts({ segmentId: segment.segmentId, embedding }),
  };
}
