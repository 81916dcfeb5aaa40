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
import { personalFacts } from '../domain/personal-facts';
import type { SegmentSource } from './ports';

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
  readonly consentDefault: ConsentDefault;
}

const NO_EXPOSURES = (): number => 0;

/**
 * Reads the profile within its deadline. Without PERSONALIZATION consent, and while the profile cannot be read (it may hold a
 * revocation), nothing personal comes out of here.
 *
 * @param nobody stands for a request that names no visitor, in its tokens only
 */
export async function readVisitor(
  deps: VisitorSnapshotDeps,
  visitorId: VisitorId | null,
  nobody: VisitorId,
  nowMs: number,
): Promise<VisitorSnapshot> {
  const tokenHash = deps.hasher.hash(visitorId ?? nobody);
  const base = { hash: visitorId === null ? null : tokenHash, tokenHash, profileMissing: false };
  const stranger = { ...base, consentTier: 'CONTEXT_ONLY', segmentModelVersion: null, personal: null, exposures: NO_EXPOSURES } as const;
  if (visitorId === null) return stranger;
  const read = await deps.profiles.read(visitorId);
  if (read.status === 'unavailable') return { ...stranger, profileMissing: true };
  if (read.status === 'absent') return { ...stranger, consentTier: consentTier(read.consent ?? {}, deps.consentDefault) };
  const { profile } = read;
  if (consentTier(profile.consent, deps.consentDefault) === 'CONTEXT_ONLY') return stranger;
  const segment = segmentOf(profile, deps.segments, nowMs);
  return {
    ...base,
    consentTier: 'PERSONALIZED',
    segmentModelVersion: segment?.modelVersion ?? null,
    personal: personalFacts(profile, segment === null ? null : { segmentId: segment.segmentId, embedding: null }, nowMs),
    exposures: (campaignId, windowMs) => exposuresWithin(profile.features, campaignId, { nowMs, windowMs }),
  };
}

/** The stored membership when the published model gave it; else the model is asked now, without waiting for a batch. */
function segmentOf(profile: Profile, segments: SegmentSource, nowMs: number): Profile['segment'] {
  const assigner = segments.current();
  if (assigner === null) return null;
  if (profile.segment?.modelVersion === assigner.modelVersion) return profile.segment;
  return { segmentId: assigner.assign(encodeSegmentFeatures(profile, nowMs)), modelVersion: assigner.modelVersion };
}
