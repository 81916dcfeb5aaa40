import type { Clock, VisitorId } from '@vitrine/kernel';
import { readFeatures } from '../domain/features/feature-catalogue';
import type { FeatureValue } from '../domain/features/feature-family';
import type { Consent, Profile, VisitorHasher } from '../domain/types';
import type { PersonalData, PersonKeys } from './personal-data';
import type { ProfileRepository } from './profile.repository';

/** Everything that is held about one person, as values that JSON can say. */
export interface ProfileExport {
  readonly visitorId: string;
  readonly exportedAt: string;
  /** Every id the person is known by; the asked one alone where there is no profile. */
  readonly visitorIds: readonly string[];
  readonly profile: Omit<Profile, 'features'> | null;
  /** Value of every feature of the catalogue; null without a profile. */
  readonly features: Readonly<Record<string, FeatureValue>> | null;
  /** What the features are computed from. */
  readonly featureStates: Profile['features'] | null;
  readonly consent: Consent;
  /** By name of the place. */
  readonly held: Readonly<Record<string, readonly unknown[]>>;
}

export interface ExportProfileDeps {
  readonly profiles: Pick<ProfileRepository, 'find'>;
  readonly hasher: VisitorHasher;
  readonly identities: {
    resolve(session: null, ids: readonly VisitorId[]): Promise<ReadonlyMap<VisitorId, { readonly consent: Consent }>>;
  };
  readonly places: readonly PersonalData[];
  readonly clock: Clock;
}

/** Answers a person's right to know (GDPR article 15): what is held under any of their ids, wherever it lies. */
export class ExportProfile {
  constructor(private readonly deps: ExportProfileDeps) {}

  /** @param visitorId any id of the person; one that nobody knows gives an export without a profile and, mostly, without rows */
  async execute(visitorId: VisitorId): Promise<ProfileExport> {
    const profile = await this.deps.profiles.find(visitorId);
    const person = this.keysOf(visitorId, profile);
    const nowMs = this.deps.clock.now();
    return {
      visitorId,
      exportedAt: new Date(nowMs).toISOString(),
      visitorIds: person.visitorIds,
      ...(profile === null ? { ...NO_PROFILE, consent: await this.saidWithoutProfile(visitorId) } : partsOf(profile, nowMs)),
      held: await this.heldOf(person),
    };
  }

  private keysOf(visitorId: VisitorId, profile: Profile | null): PersonKeys {
    const known = profile?.aliases ?? [];
    const visitorIds = known.includes(visitorId) ? known : [visitorId, ...known];
    return { profileId: profile?.id ?? null, visitorIds, hashes: visitorIds.map((id) => this.deps.hasher.hash(id)) };
  }

  private async saidWithoutProfile(visitorId: VisitorId): Promise<Consent> {
    return (await this.deps.identities.resolve(null, [visitorId])).get(visitorId)?.consent ?? {};
  }

  private async heldOf(person: PersonKeys): Promise<ProfileExport['held']> {
    const rows = await Promise.all(this.deps.places.map(async ({ name, read }) => [name, await read(person)] as const));
    return Object.fromEntries(rows);
  }
}

const NO_PROFILE = { profile: null, features: null, featureStates: null } as const;

function partsOf(
  { features, ...profile }: Profile,
  nowMs: number,
): Pick<ProfileExport, 'profile' | 'features' | 'featureStates' | 'consent'> {
  return { profile, features: Object.fromEntries(readFeatures(features, nowMs)), featureStates: features, consent: profile.consent };
}
