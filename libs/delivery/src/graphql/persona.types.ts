import { BannerType, CreativeType } from '@vitrine/catalog';
import type { Layer } from '@vitrine/feedback';
import type { DomainError } from '@vitrine/kernel';
import { Access } from '@vitrine/platform';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { PersonaDecision, PersonaOutcome } from '../application/ask-persona';
import type { ConsentTier, LadderStep, Selection } from '../domain/types';
import { failureOf } from './banners.types';
import { contextOf, DecisionCandidateType, DecisionRejectionType } from './decision.types';
import { ConsentTierEnum, DecisionLayerEnum, LadderStepEnum, SelectionEnum } from './delivery.enums';

@Access('decision:read')
@ObjectType('PersonaSlot', { simpleResolvers: true, description: 'What would stand there; nothing that an event could be sent about.' })
export class PersonaSlotType {
  @Field(() => Int, { description: 'From 0.' })
  readonly position: number;
  @Field(() => BannerType)
  readonly banner: BannerType;
  @Field(() => CreativeType)
  readonly creative: CreativeType;
  @Field(() => Float, { description: 'Conditional on the slots before it.' })
  readonly propensity: number;

  constructor({ position, banner, creative }: PersonaDecision['slots'][number], propensity: number) {
    this.position = position;
    this.banner = new BannerType(banner);
    this.creative = new CreativeType(creative);
    this.propensity = propensity;
  }
}

@Access('decision:read')
@ObjectType('PersonaDecision', { simpleResolvers: true, description: 'What would be decided for a persona now, and why.' })
export class PersonaDecisionType {
  @Field(() => ID)
  readonly placementId: string;
  @Field(() => DecisionLayerEnum)
  readonly layer: Layer;
  @Field(() => LadderStepEnum)
  readonly ladderStep: LadderStep;
  @Field(() => ConsentTierEnum)
  readonly consentTier: ConsentTier;
  @Field(() => Boolean)
  readonly degraded: boolean;
  @Field(() => SelectionEnum)
  readonly selection: Selection;
  @Field(() => ID, { nullable: true })
  readonly policyVersionId: string | null;
  @Field(() => Int)
  readonly stateRevision: number;
  @Field(() => Int)
  readonly catalogRevision: number;
  @Field(() => ID, { nullable: true, description: 'Where the live model, or the question, put the persona.' })
  readonly segmentId: string | null;
  @Field(() => String)
  readonly device: string;
  @Field(() => [DecisionCandidateType])
  readonly eligible: readonly DecisionCandidateType[];
  @Field(() => [DecisionRejectionType])
  readonly rejected: readonly DecisionRejectionType[];
  @Field(() => [Float], { description: 'The context as it was scored.' })
  readonly context: readonly number[];
  @Field(() => [PersonaSlotType])
  readonly slots: readonly PersonaSlotType[];

  constructor({ record, slots }: PersonaDecision) {
    this.placementId = record.placementId;
    this.layer = record.layer;
    this.ladderStep = record.ladderStep;
    this.consentTier = record.consentTier;
    this.degraded = record.degraded;
    this.selection = record.selection;
    this.policyVersionId = record.policyVersionId;
    this.stateRevision = record.stateRevision;
    this.catalogRevision = record.catalogRevision;
    this.segmentId = record.segmentId;
    this.device = record.device;
    this.eligible = record.eligible.map((_, index) => new DecisionCandidateType(record, index));
    this.rejected = record.rejected.map((rejection) => new DecisionRejectionType(rejection));
    this.context = Array.from(contextOf(record));
    this.slots = slots.map((slot) => new PersonaSlotType(slot, record.slots[slot.position]?.propensity ?? 1));
  }
}

@Access('decision:read')
@ObjectType('PersonaPayload', { simpleResolvers: true })
export class PersonaPayload {
  @Field(() => [PersonaDecisionType], {
    nullable: 'items',
    description: 'In the order of the request; null, with an error at its path, where a placement failed.',
  })
  readonly decisions: readonly (PersonaDecisionType | DomainError)[];

  constructor(outcomes: readonly PersonaOutcome[]) {
    this.decisions = outcomes.map((outcome) => (outcome.ok ? new PersonaDecisionType(outcome.value) : failureOf(outcome.error)));
  }
}
