import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Access } from '@vitrine/platform';
import type { ErasureReceipt } from '../application/erase-profile';
import type { ErasedModel, ErasedPolicy } from '../application/personal-data';

const EvidenceRemovalEnum = { UNFOLDED: 'UNFOLDED', FOLD_SCHEDULED: 'FOLD_SCHEDULED' } as const satisfies Record<
  ErasedPolicy['how'],
  ErasedPolicy['how']
>;
registerEnumType(EvidenceRemovalEnum, {
  name: 'EvidenceRemoval',
  description: 'UNFOLDED: taken out of the statistics at once. FOLD_SCHEDULED: they are folded again without it, within seconds.',
});

@Access('profile:erase')
@ObjectType({ description: 'How many rows went from one place.', simpleResolvers: true })
export class ErasedRowCount {
  @Field(() => String)
  readonly place: string;

  @Field(() => Int)
  readonly count: number;

  constructor(place: string, count: number) {
    this.place = place;
    this.count = count;
  }
}

@Access('profile:erase')
@ObjectType({ description: 'What an erasure took out of one policy version.', simpleResolvers: true })
export class ErasedEvidence {
  @Field(() => ID)
  readonly policyVersionId: string;

  @Field(() => Int, { description: 'Ledger entries that its statistics contained.' })
  readonly entries: number;

  @Field(() => EvidenceRemovalEnum)
  readonly removal: ErasedPolicy['how'];

  @Field(() => Int, { description: 'Of its state, without them.' })
  readonly stateRevision: number;

  constructor({ versionId, entries, how, revision }: ErasedPolicy) {
    this.policyVersionId = versionId;
    this.entries = entries;
    this.removal = how;
    this.stateRevision = revision;
  }
}

@Access('profile:erase')
@ObjectType({ description: 'A segment model that was trained on a row of the person.', simpleResolvers: true })
export class ErasedTrainingRow {
  @Field(() => Int)
  readonly modelVersion: number;

  @Field(() => Int)
  readonly trainedRows: number;

  @Field(() => Int, { description: 'Of those, how many belong to people who were erased since.' })
  readonly erasedRows: number;

  @Field(() => Boolean, { description: 'Whether that is more than may be: the model should be trained again.' })
  readonly retrainAdvised: boolean;

  constructor({ version, trainedRows, erasedRows, flagged }: ErasedModel) {
    this.modelVersion = version;
    this.trainedRows = trainedRows;
    this.erasedRows = erasedRows;
    this.retrainAdvised = flagged;
  }
}

@Access('profile:erase')
@ObjectType('ErasureReceipt', { description: 'What was removed of one person. It is not kept.', simpleResolvers: true })
export class ErasureReceiptType {
  @Field(() => ID, { description: 'As it was asked with.' })
  readonly visitorId: string;

  @Field(() => GraphQLDateTime)
  readonly erasedAt: Date;

  @Field(() => [ErasedRowCount], { description: 'By place, those with none included.' })
  readonly removed: readonly ErasedRowCount[];

  @Field(() => [ErasedEvidence], { description: 'Policy versions that had learned from the person.' })
  readonly policies: readonly ErasedEvidence[];

  @Field(() => [ErasedTrainingRow])
  readonly segmentModels: readonly ErasedTrainingRow[];

  @Field(() => Int, { description: 'Keyed hashes that stay to reject tokens that are outstanding.' })
  readonly tombstones: number;

  @Field(() => GraphQLDateTime)
  readonly tombstonesExpireAt: Date;

  constructor(receipt: ErasureReceipt) {
    this.visitorId = receipt.visitorId;
    this.erasedAt = new Date(receipt.erasedAt);
    this.removed = receipt.removed.map(({ place, count }) => new ErasedRowCount(place, count));
    this.policies = receipt.policies.map((policy) => new ErasedEvidence(policy));
    this.segmentModels = receipt.models.map((model) => new ErasedTrainingRow(model));
    this.tombstones = receipt.tombstones.count;
    this.tombstonesExpireAt = new Date(receipt.tombstones.expireAt);
  }
}
