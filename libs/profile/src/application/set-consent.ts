import { DomainError, type VisitorId } from '@vitrine/kernel';
import { changeConsent, mayKeepProfile, type ConsentChange } from '../domain/consent';
import { newProfile, withConsent } from '../domain/profile';
import type { Consent, Profile } from '../domain/types';
import type { IdentityDeps } from './identify';
import { assertSameUser, type IdentityCaller } from './identity-caller';
import type { ProfileTransaction } from './profile.repository';

export interface SetConsentCommand {
  readonly caller: IdentityCaller;
  readonly visitorId: VisitorId;
  readonly purposes: readonly ConsentChange[];
  /** Where the person said so, for the record: a banner's version, a settings page. */
  readonly source: string;
}

export interface ConsentOutcome {
  readonly visitorId: VisitorId;
  /** Everything the person ever said, this call included. */
  readonly consent: Consent;
  /** ms since the epoch. */
  readonly recordedAt: number;
  /** Whether a profile is kept now. */
  readonly profileKept: boolean;
  /** Whether traits and behaviour were forgotten by this call. */
  readonly dataCleared: boolean;
}

interface Written extends ConsentOutcome {
  readonly saved: Profile | null;
}

/** Records what a person allows. Granting ANALYTICS or PERSONALIZATION creates the profile; a refusal of a stranger is kept under a hash. */
export class SetConsent {
  constructor(private readonly deps: Omit<IdentityDeps, 'consentDefault'>) {}

  /** @throws DomainError BAD_USER_INPUT without purposes; IDENTITY_CONFLICT when a visitor names an id that belongs to another user */
  async execute(command: SetConsentCommand): Promise<ConsentOutcome> {
    if (command.purposes.length === 0) throw new DomainError('BAD_USER_INPUT', 'purposes is empty', { details: { field: 'purposes' } });
    const { saved, ...outcome } = await this.deps.profiles.transaction((tx) => this.write(tx, command), [command.visitorId]);
    if (saved === null) this.deps.changes.consentRecorded(outcome.visitorId, outcome.consent);
    else this.deps.changes.saved(saved);
    return outcome;
  }

  private async write(tx: ProfileTransaction, { caller, visitorId, purposes, source }: SetConsentCommand): Promise<Written> {
    const nowMs = this.deps.clock.now();
    const { profiles, recordedConsent } = await tx.known([visitorId]);
    const ownUserId = caller.kind === 'visitor' ? caller.userId : null;
    assertSameUser(profiles, ownUserId);
    const profile = profiles[0] ?? null;
    const consent = changeConsent(profile?.consent ?? recordedConsent, purposes, { at: nowMs, source });
    const receipt = { visitorId, consent, recordedAt: nowMs };
    if (profile === null && !mayKeepProfile(consent, 'DENIED')) {
      await tx.recordConsent(visitorId, consent);
      return { ...receipt, profileKept: false, dataCleared: false, saved: null };
    }
    const saved = await this.save(tx, profile, { consent, visitorId, userId: ownUserId === visitorId ? ownUserId : null });
    return { ...receipt, profileKept: true, dataCleared: profile !== null && forgot(profile, saved), saved };
  }

  /** @param profile null for a stranger, who gets one */
  private async save(
    tx: ProfileTransaction,
    profile: Profile | null,
    said: { consent: Consent; visitorId: VisitorId; userId: VisitorId | null },
  ): Promise<Profile> {
    const nowMs = this.deps.clock.now();
    const known = profile ?? newProfile({ id: this.deps.newId(), alias: said.visitorId, userId: null, nowMs });
    const version = profile === null ? known.version : known.version + 1;
    const next: Profile = { ...withConsent(known, said.consent), userId: said.userId ?? known.userId, version, updatedAt: nowMs };
    await tx.save({ profile: next, previousVersion: profile?.version ?? null, claimed: profile === null ? [said.visitorId] : [] });
    return next;
  }
}

function forgot(before: Profile, after: Profile): boolean {
  return (
    JSON.stringify([before.traits, before.features, before.device, before.locale]) !==
    JSON.stringify([after.traits, after.features, after.device, after.locale])
  );
}
