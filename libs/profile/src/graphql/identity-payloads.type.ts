import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Access, PublicType } from '@vitrine/platform';
import type { IdentifyOutcome } from '../application/identify';
import type { ConsentOutcome } from '../application/set-consent';
import { PURPOSES, type ConsentStatus, type Profile, type Purpose } from '../domain/types';
import type { Unmerged } from '../domain/unmerge';
import { ConsentStatusEnum, PurposeEnum } from './profile.type';

export const IdentifyStatusEnum = { IDENTIFIED: 'IDENTIFIED', NO_CONSENT: 'NO_CONSENT' } as const;
registerEnumType(IdentifyStatusEnum, {
  name: 'IdentifyStatus',
  description: 'NO_CONSENT: neither ANALYTICS nor PERSONALIZATION is granted, and nothing was stored.',
});

// Nothing of the profile is in here: the caller may be a browser that holds a visitor's token.
@PublicType()
@ObjectType({ simpleResolvers: true })
export class IdentifyPayload {
  @Field(() => IdentifyStatusEnum)
  readonly status: IdentifyOutcome['status'];

  constructor(outcome: IdentifyOutcome) {
    this.status = outcome.status;
  }
}

@Access('identity:any')
@ObjectType({ description: 'The one person that two ids belong to now.', simpleResolvers: true })
export class MergePayload {
  @Field(() => ID)
  readonly profileId: string;

  @Field(() => [ID], { description: 'Every id of the person.' })
  readonly visitorIds: readonly string[];

  constructor({ id, aliases }: Profile) {
    this.profileId = id;
    this.visitorIds = aliases;
  }
}

@Access('identity:any')
@ObjectType({ description: 'The two people that were one.', simpleResolvers: true })
export class UnmergePayload {
  @Field(() => MergePayload, { description: 'Who keeps the profile.' })
  readonly kept: MergePayload;

  @Field(() => MergePayload, { description: 'The id that left, with a profile of its own.' })
  readonly taken: MergePayload;

  constructor({ kept, taken }: Unmerged) {
    this.kept = new MergePayload(kept);
    this.taken = new MergePayload(taken);
  }
}

@PublicType()
@ObjectType({ simpleResolvers: true })
export class PurposeConsent {
  @Field(() => PurposeEnum)
  readonly purpose: Purpose;

  @Field(() => ConsentStatusEnum)
  readonly status: ConsentStatus;

  @Field(() => GraphQLDateTime)
  readonly at: Date;

  constructor(purpose: Purpose, entry: { readonly status: ConsentStatus; readonly at: number }) {
    this.purpose = purpose;
    this.status = entry.status;
    this.at = new Date(entry.at);
  }
}

@PublicType()
@ObjectType({ description: 'Proof of what a person said and what was done about it.', simpleResolvers: true })
export class ConsentReceipt {
  @Field(() => ID)
  readonly visitorId: string;

  @Field(() => [PurposeConsent], { description: 'Everything the person said so far, this call included.' })
  readonly purposes: readonly PurposeConsent[];

  @Field(() => GraphQLDateTime)
  readonly recordedAt: Date;

  @Field(() => Boolean, { description: 'Whether a profile is kept.' })
  readonly profileKept: boolean;

  @Field(() => Boolean, { description: 'Whether traits and behaviour were forgotten.' })
  readonly dataCleared: boolean;

  constructor(outcome: ConsentOutcome) {
    this.visitorId = outcome.visitorId;
    this.purposes = PURPOSES.flatMap((purpose) => {
      const entry = outcome.consent[purpose];
      return entry === undefined ? [] : [new PurposeConsent(purpose, entry)];
    });
    this.recordedAt = new Date(outcome.recordedAt);
    this.profileKept = outcome.profileKept;
    this.dataCleared = outcome.dataCleared;
  }
}
