import type { VisitorHash, VisitorId } from '@vitrine/kernel';
import type { BehaviouralFeatures } from './features/feature-catalogue';

export const PURPOSES = ['ANALYTICS', 'PERSONALIZATION', 'TRAINING'] as const;
export type Purpose = (typeof PURPOSES)[number];
export const CONSENT_STATES = ['GRANTED', 'DENIED', 'REVOKED'] as const;
export type ConsentStatus = (typeof CONSENT_STATES)[number];

/** One thing that a person said about one purpose. */
export interface ConsentWord {
  readonly status: ConsentStatus;
  /** ms since the epoch. */
  readonly at: number;
  readonly source: string;
}
/** The newest word, and what was said before it. */
export interface ConsentEntry extends ConsentWord {
  /** Oldest first; absent where nothing was said before, or by an older release. */
  readonly before?: readonly ConsentWord[];
}
/** A purpose that is absent has the default of the deployment (DENIED out of the box). */
export type Consent = Readonly<Partial<Record<Purpose, ConsentEntry>>>;

export type TraitValue = string | number | boolean;
export type Traits = Readonly<Record<string, TraitValue>>;

/** Exponentially decayed sum: its value at `at`, halving every half-life afterwards. Exact for any order of arrival. */
export interface DecayedCounter {
  readonly value: number;
  readonly at: number;
}

export interface SegmentMembership {
  readonly segmentId: string;
  readonly modelVersion: number;
}

export interface Profile {
  readonly id: string;
  readonly userId: string | null;
  /** Every id the person is known by, this deployment's canonical one included. */
  readonly aliases: readonly VisitorId[];
  readonly traits: Traits;
  /** When each trait was set, ms; a time without a trait remembers that it was cleared. */
  readonly traitTimes: Readonly<Record<string, number>>;
  readonly consent: Consent;
  readonly device: string | null;
  readonly locale: string | null;
  /** When device and locale were last told, ms; 0 when never. */
  readonly clientAt: number;
  readonly features: BehaviouralFeatures;
  readonly segment: SegmentMembership | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a decision may know of its visitor: `absent` is a stranger, `unavailable` missed the deadline or the database is down. */
export type ProfileRead =
  | { readonly status: 'found'; readonly profile: Profile }
  /** `consent` is what somebody without a profile said; absent when nothing. */
  | { readonly status: 'absent'; readonly consent?: Consent }
  | { readonly status: 'unavailable' };

export interface ProfileReader {
  /** Never throws and never takes longer than the reader's deadline. */
  read(visitorId: VisitorId): Promise<ProfileRead>;
}

export interface VisitorHasher {
  hash(visitorId: VisitorId): VisitorHash;
}
