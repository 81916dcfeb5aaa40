import { DomainError } from '@vitrine/kernel';
import { BannerType, CreativeType } from '@vitrine/catalog';
import type { Layer } from '@vitrine/feedback';
import { PublicType } from '@vitrine/platform';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { PageAnswer, PlacementAnswer, PlacementFailure, SlotAnswer } from '../application/page-answer';
import { DecisionLayerEnum } from './delivery.enums';

@PublicType()
@ObjectType('BannerSlot', { simpleResolvers: true, description: 'One filled slot.' })
export class BannerSlotType {
  @Field(() => Int, { description: 'From 0.' })
  readonly position: number;
  @Field(() => BannerType)
  readonly banner: BannerType;
  @Field(() => CreativeType, { description: 'The rendering of the banner that fits device and locale best.' })
  readonly creative: CreativeType;
  @Field(() => String, { description: 'Landing URL that names the decision and the slot.' })
  readonly clickUrl: string;
  @Field(() => String, { description: 'Opaque; send it with every event about this slot.' })
  readonly token: string;

  constructor({ position, banner, creative, clickUrl, token }: SlotAnswer) {
    this.position = position;
    this.banner = new BannerType(banner);
    this.creative = new CreativeType(creative);
    this.clickUrl = clickUrl;
    this.token = token;
  }
}

@PublicType()
@ObjectType('PlacementDecision', { simpleResolvers: true, description: 'The answer for one placement.' })
export class PlacementDecisionType {
  @Field(() => ID)
  readonly decisionId: string;
  @Field(() => ID)
  readonly placementId: string;
  @Field(() => DecisionLayerEnum)
  readonly layer: Layer;
  @Field(() => Boolean, { description: 'Something that the decision would have read was missing, or a retry could not be recognised.' })
  readonly degraded: boolean;
  @Field(() => Int, { nullable: true, description: 'Revision of the learned state. For secret keys and staff; null for others.' })
  readonly stateRevision: number | null;
  @Field(() => [BannerSlotType], { description: 'As many as were asked for, or as can be shown.' })
  readonly slots: readonly BannerSlotType[];

  constructor(answer: PlacementAnswer, mayReadDecisions: boolean) {
    this.decisionId = answer.decisionId;
    this.placementId = answer.placementId;
    this.layer = answer.layer;
    this.degraded = answer.degraded;
    this.stateRevision = mayReadDecisions ? answer.stateRevision : null;
    this.slots = answer.slots.map((slot) => new BannerSlotType(slot));
  }
}

@PublicType()
@ObjectType('BannersPayload', { simpleResolvers: true })
export class BannersPayload {
  @Field(() => ID)
  readonly decisionGroupId: string;
  /** GraphQL turns an error in a list into a null with the error at its path. */
  @Field(() => [PlacementDecisionType], {
    nullable: 'items',
    description: 'In the order of the request; null, with an error at its path, where a placement failed.',
  })
  readonly decisions: readonly (PlacementDecisionType | DomainError)[];

  constructor(answer: PageAnswer, mayReadDecisions: boolean) {
    this.decisionGroupId = answer.decisionGroupId;
    this.decisions = answer.decisions.map((outcome) =>
      outcome.ok ? new PlacementDecisionType(outcome.value, mayReadDecisions) : failureOf(outcome.error),
    );
  }
}

/** The error that stands at the place of a decision. */
export function failureOf({ code, placementId, feature }: PlacementFailure): DomainError {
  return new DomainError(code, undefined, { details: { placementId, ...(feature === null ? {} : { feature }) } });
}
