import { DomainError, type Clock, type VisitorId } from '@vitrine/kernel';
import { mayDo, mayKeepProfile, mergeConsent, type ConsentDefault } from '../domain/consent';
import { mergeProfiles, newProfile, withAliases, withConsent } from '../domain/profile';
import { parseTraitPatch, patchTraits, type TraitPatch } from '../domain/traits';
import type { Consent, Profile } from '../domain/types';
import { assertSameUser, type IdentityCaller } from './identity-caller';
import { announceJoined, joinProfiles, type JoinedProfiles } from './join-profiles';
import type { ProfileChanges, ProfileRepository, ProfileTransaction } from './profile.repository';

export interface IdentifyCommand {
  readonly caller: IdentityCaller;
  readonly anonymousId: VisitorId | null;
  readonly userId: VisitorId | null;
  /** Patch of scalar traits as the caller sent it: a value sets, null clears. */
  readonly traits: unknown;
  /** Absent leaves, null clears. */
  readonly device: string | null | undefined;
  readonly locale: string | null | undefined;
}

/** NO_CONSENT: the person allows neither ANALYTICS nor PERSONALIZATION, so no id, trait or link was stored. */
export type IdentifyOutcome = { readonly status: 'IDENTIFIED'; readonly profile: Profile } | { readonly status: 'NO_CONSENT' };

export interface IdentityDeps {
  readonly profiles: ProfileRepository;
  readonly changes: ProfileChanges;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly consentDefault: ConsentDefault;
}

/** What the command comes to, once checked. */
interface Claim {
  readonly ids: readonly [VisitorId, ...VisitorId[]];
  readonly userId: VisitorId | null;
  readonly traits: TraitPatch;
  readonly device: string | null | undefined;
  readonly locale: string | null | undefined;
}

interface Written extends JoinedProfiles {
  readonly outcome: IdentifyOutcome;
}

/**
 * Says who a visitor is: links the anonymous id with the user, joins what was known of both, sets traits, device and locale. One id given
 * as both is that id given once.
 */
export class Identify {
  constructor(private readonly deps: IdentityDeps) {}

  /**
   * @throws DomainError BAD_USER_INPUT without any id or with bad traits; FORBIDDEN when a visitor names another user;
   *   IDENTITY_CONFLICT when the anonymous id is linked to another user or the person has too many ids
   */
  async execute(command: IdentifyCommand): Promise<IdentifyOutcome> {
    const claim = claimOf(command);
    const written = await this.deps.profiles.transaction((tx) => this.write(tx, claim), claim.ids);
    announceJoined(this.deps.changes, written);
    return written.outcome;
  }

  private async write(tx: ProfileTransaction, claim: Claim): Promise<Written> {
    const { profiles, recordedConsent } = await tx.known(claim.ids);
    assertSameUser(profiles, claim.userId);
    const consent = profiles.reduce((all, profile) => mergeConsent(all, profile.consent), recordedConsent);
    if (!mayKeepProfile(consent, this.deps.consentDefault)) return this.withhold(tx, profiles, consent);

    const [first, ...others] = profiles;
    const base = first === undefined ? null : others.reduce(mergeProfiles, first);
    const next = this.identified(base, claim, consent);
    if (first !== undefined && others.length === 0 && sameContent(first, next))
      return { outcome: { status: 'IDENTIFIED', profile: first }, saved: [], removed: [] };
    const joined = await joinProfiles(tx, { next, before: profiles, nowMs: this.deps.clock.now() });
    return { ...joined, outcome: { status: 'IDENTIFIED', profile: joined.profile } };
  }

  /** A denial that is newer than a profile's consent reaches the profile, but the ids stay apart. */
  private async withhold(tx: ProfileTransaction, profiles: readonly Profile[], consent: Consent): Promise<Written> {
    const saved: Profile[] = [];
    for (const profile of profiles) {
      const denied = withConsent(profile, consent);
      if (sameContent(profile, denied)) continue;
      const next = { ...denied, version: profile.version + 1, updatedAt: this.deps.clock.now() };
      await tx.save({ profile: next, previousVersion: profile.version, claimed: [] });
      saved.push(next);
    }
    return { outcome: { status: 'NO_CONSENT' }, saved, removed: [] };
  }

  private identified(base: Profile | null, claim: Claim, consent: Consent): Profile {
    const nowMs = this.deps.clock.now();
    const known = base ?? newProfile({ id: this.deps.newId(), alias: claim.ids[0], userId: claim.userId, nowMs });
    const linked = withAliases(withConsent({ ...known, userId: claim.userId ?? known.userId }, consent), claim.ids);
    if (!mayDo(consent, 'PERSONALIZATION', this.deps.consentDefault)) return linked;
    const device = claim.device === undefined ? linked.device : claim.device;
    const locale = claim.locale === undefined ? linked.locale : claim.locale;
    const told = device !== linked.device || locale !== linked.locale;
    return {
      ...linked,
      ...patchTraits(linked, claim.traits, nowMs),
      device,
      locale,
      clientAt: told ? Math.max(nowMs, linked.clientAt) : linked.clientAt,
    };
  }
}

function claimOf(command: IdentifyCommand): Claim {
  const { caller } = command;
  if (caller.kind === 'visitor' && command.userId !== null && command.userId !== caller.userId) {
    throw new DomainError('FORBIDDEN', 'a visitor may identify nobody but himself');
  }
  const userId = caller.kind === 'visitor' ? caller.userId : command.userId;
  const [first, ...rest] = new Set([userId, command.anonymousId].filter((id) => id !== null));
  if (first === undefined)
    throw new DomainError('BAD_USER_INPUT', 'anonymousId or userId is required', { details: { field: 'anonymousId' } });
  const traits = parseTraitPatch(command.traits ?? {});
  if (!traits.ok) throw new DomainError('BAD_USER_INPUT', traits.error, { details: { field: 'traits' } });
  return { ids: [first, ...rest], userId, traits: traits.value, device: command.device, locale: command.locale };
}

/** Whether there is nothing to write: an app may identify on every page. */
function sameContent(a: Profile, b: Profile): boolean {
  const content = ({ userId, aliases, traits, traitTimes, consent, device, locale, features }: Profile): string =>
    JSON.stringify([userId, aliases, traits, traitTimes, consent, device, locale, features]);
  return content(a) === content(b);
}
