import { Access } from '@vitrine/platform';
import type { RejectionReason } from '@vitrine/catalog';
import { dequantise, type Layer } from '@vitrine/feedback';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { DecisionReplay } from '../application/replay-decision';
import type { ConsentTier, DecisionRecord, LadderStep, Selection } from '../domain/types';
import { ConsentTierEnum, DecisionLayerEnum, LadderStepEnum, RejectionReasonEnum, ReplayStatusEnum, SelectionEnum } from './delivery.enums';

@Access('decision:read')
@ObjectType('DecisionCandidate', { simpleResolvers: true, description: 'A banner that the decision could have shown.' })
export class DecisionCandidateType {
  @Field(() => ID)
  readonly bannerId: string;
  @Field(() => Float, { description: 'Probability of the first slot, the floor mixed in.' })
  readonly probability: number;
  @Field(() => Float, { description: 'Probability with which its campaign took part at all.' })
  readonly pacing: number;

  constructor({ eligible, distribution }: DecisionRecord, index: number) {
    this.bannerId = eligible[index]?.bannerId ?? '';
    this.probability = distribution[index] ?? 0;
    this.pacing = eligible[index]?.pacing ?? 1;
  }
}

@Access('decision:read')
@ObjectType('DecisionRejection', { simpleResolvers: true })
export class DecisionRejectionType {
  @Field(() => ID)
  readonly bannerId: string;
  @Field(() => RejectionReasonEnum)
  readonly reason: RejectionReason;

  constructor({ bannerId, reason }: DecisionRecord['rejected'][number]) {
    this.bannerId = bannerId;
    this.reason = reason;
  }
}

@Access('decision:read')
@ObjectType('DecisionSlot', { simpleResolvers: true })
export class DecisionSlotType {
  @Field(() => Int)
  readonly position: number;
  @Field(() => ID)
  readonly bannerId: string;
  @Field(() => ID)
  readonly creativeId: string;
  @Field(() => Float, { description: 'Conditional on the slots before it.' })
  readonly propensity: number;

  constructor({ bannerId, creativeId, propensity }: DecisionRecord['slots'][number], position: number) {
    this.position = position;
    this.bannerId = bannerId;
    this.creativeId = creativeId;
    this.propensity = propensity;
  }
}

@Access('decision:read')
@ObjectType('DecisionReplay', { simpleResolvers: true, description: 'The decision played again from its record.' })
export class DecisionReplayType {
  @Field(() => Boolean, { description: 'The recorded distribution and seed give the recorded slots and propensities.' })
  readonly sameSlots: boolean;
  @Field(() => Float, {
    nullable: true,
    description: 'Largest difference to the distribution derived again from the state of then; null when it cannot be derived.',
  })
  readonly distributionMaxError: number | null;
  @Field(() => Float, { nullable: true, description: 'The same for `shadowDistribution`; null too where no policy watched.' })
  readonly shadowMaxError: number | null;
  @Field(() => ReplayStatusEnum)
  readonly status: DecisionReplay['status'];

  constructor({ sameSlots, distributionMaxError, shadowMaxError, status }: DecisionReplay) {
    this.sameSlots = sameSlots;
    this.distributionMaxError = distributionMaxError;
    this.shadowMaxError = shadowMaxError;
    this.status = status;
  }
}

/** The seed stays inside: whoever knew it would know the draws of a retried decision. So does the visitor's hash. */
@Access('decision:read')
@ObjectType('DecisionRecord', { description: 'Everything that a decision depended on.' })
export class DecisionRecordType {
  @Field(() => ID, { simple: true })
  readonly id: string;
  @Field(() => ID, { simple: true, description: "The request's group; a keyed hash where the client brought its own id." })
  readonly decisionGroupId: string;
  @Field(() => ID, { simple: true })
  readonly placementId: string;
  @Field(() => GraphQLDateTime, { simple: true })
  readonly decidedAt: Date;
  @Field(() => ConsentTierEnum, { simple: true })
  readonly consentTier: ConsentTier;
  @Field(() => LadderStepEnum, { simple: true })
  readonly ladderStep: LadderStep;
  @Field(() => Boolean, { simple: true })
  readonly degraded: boolean;
  @Field(() => DecisionLayerEnum, { simple: true })
  readonly layer: Layer;
  @Field(() => ID, { simple: true, nullable: true })
  readonly policyVersionId: string | null;
  @Field(() => Int, { simple: true })
  readonly stateRevision: number;
  @Field(() => Int, { simple: true })
  readonly catalogRevision: number;
  @Field(() => ID, { simple: true, nullable: true })
  readonly segmentId: string | null;
  @Field(() => Int, { simple: true, nullable: true })
  readonly segmentModelVersion: number | null;
  @Field(() => String, { simple: true })
  readonly device: string;
  @Field(() => [DecisionCandidateType], {
    simple: true,
    description: 'The eligible set in the order of `distribution`; of a fixed order, what was shown.',
  })
  readonly eligible: readonly DecisionCandidateType[];
  @Field(() => [DecisionRejectionType], { simple: true })
  readonly rejected: readonly DecisionRejectionType[];
  @Field(() => [Float], { simple: true, description: 'Probability per eligible banner, the floor mixed in.' })
  readonly distribution: readonly number[];
  @Field(() => [Float], {
    simple: true,
    nullable: true,
    description: 'What a shadow policy would have done with the same banners, without the floor; null where none watches.',
  })
  readonly shadowDistribution: readonly number[] | null;
  @Field(() => SelectionEnum, { simple: true })
  readonly selection: Selection;
  @Field(() => [Float], { simple: true, description: 'The context as it was scored and is learned from.' })
  readonly context: readonly number[];
  @Field(() => [DecisionSlotType], { simple: true })
  readonly slots: readonly DecisionSlotType[];

  constructor(
    readonly record: DecisionRecord,
    context: Float64Array,
  ) {
    this.id = record.id;
    this.decisionGroupId = record.groupId;
    this.placementId = record.placementId;
    this.decidedAt = new Date(record.decidedAt);
    this.consentTier = record.consentTier;
    this.ladderStep = record.ladderStep;
    this.degraded = record.degraded;
    this.layer = record.layer;
    this.policyVersionId = record.policyVersionId;
    this.stateRevision = record.stateRevision;
    this.catalogRevision = record.catalogRevision;
    this.segmentId = record.segmentId;
    this.segmentModelVersion = record.segmentModelVersion;
    this.device = record.device;
    this.eligible = record.eligible.map((_, index) => new DecisionCandidateType(record, index));
    this.rejected = record.rejected.map((rejection) => new DecisionRejectionType(rejection));
    this.distribution = Array.from(record.distribution);
    this.shadowDistribution = record.shadowDistribution === null ? null : Array.from(record.shadowDistribution);
    this.selection = record.selection;
    this.context = Array.from(context);
    this.slots = record.slots.map((slot, position) => new DecisionSlotType(slot, position));
  }
}

/** The context as it was scored, in its own units. */
export function contextOf({ steps }: Pick<DecisionRecord, 'steps'>): Float64Array {
  const context = new Float64Array(steps.length);
  dequantise(steps, context);
  return context;
}
