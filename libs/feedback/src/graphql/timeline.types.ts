import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Access, RelayPageInfo } from '@vitrine/platform';
import type { TimelineEvent, TimelinePage } from '../application/timeline.ports';
import type { CleaningNote } from '../domain/cleaning/cleaning-rule';
import type { EventType } from '../domain/types';
import { EventTypeEnum } from './event.enums';
import { cursorOf } from './time-cursor';

@Access('profile:read')
@ObjectType('CleaningNote', { description: 'What cleaning noticed about an event that counts all the same.', simpleResolvers: true })
export class CleaningNoteType {
  @Field(() => String)
  readonly rule: string;

  @Field(() => Float, {
    nullable: true,
    description: 'The number before it was mended; of money, minor units. Null where nothing was changed.',
  })
  readonly was: number | null;

  @Field(() => String, { nullable: true, description: 'Of the money before it was mended.' })
  readonly wasCurrency: string | null;

  constructor({ rule, was }: CleaningNote) {
    this.rule = rule;
    this.was = typeof was === 'object' ? (was?.amountMinor ?? null) : was;
    this.wasCurrency = typeof was === 'object' ? (was?.currency ?? null) : null;
  }
}

@Access('profile:read')
@ObjectType('TimelineEvent', { description: 'Something that a person did, as it counted.', simpleResolvers: true })
export class TimelineEventType {
  @Field(() => ID)
  readonly id: string;

  @Field(() => EventTypeEnum)
  readonly type: EventType;

  @Field(() => GraphQLDateTime)
  readonly occurredAt: Date;

  @Field(() => GraphQLDateTime)
  readonly receivedAt: Date;

  @Field(() => String, { description: 'Device class.' })
  readonly device: string;

  @Field(() => ID, { nullable: true, description: 'The decision that it answers; null for an event without a token.' })
  readonly decisionId: string | null;

  @Field(() => Int, { nullable: true })
  readonly slot: number | null;

  @Field(() => ID, { nullable: true })
  readonly placementId: string | null;

  @Field(() => ID, { nullable: true })
  readonly bannerId: string | null;

  @Field(() => ID, { nullable: true })
  readonly productId: string | null;

  @Field(() => String, { nullable: true })
  readonly category: string | null;

  @Field(() => Float, { nullable: true, description: 'Minor units of `currency`.' })
  readonly amountMinor: number | null;

  @Field(() => String, { nullable: true })
  readonly currency: string | null;

  @Field(() => Float, { nullable: true })
  readonly dwellMs: number | null;

  @Field(() => [CleaningNoteType])
  readonly cleaning: readonly CleaningNoteType[];

  constructor(event: TimelineEvent) {
    this.id = event.id;
    this.type = event.type;
    this.occurredAt = new Date(event.occurredAt);
    this.receivedAt = new Date(event.receivedAt);
    this.device = event.device;
    this.decisionId = event.decisionId;
    this.slot = event.slot;
    this.placementId = event.placementId;
    this.bannerId = event.bannerId;
    this.productId = event.productId;
    this.category = event.category;
    this.amountMinor = event.amountMinor;
    this.currency = event.currency;
    this.dwellMs = event.dwellMs;
    this.cleaning = event.notes.map((note) => new CleaningNoteType(note));
  }
}

@Access('profile:read')
@ObjectType({ simpleResolvers: true })
export class TimelineEventEdge {
  @Field(() => String)
  readonly cursor: string;

  @Field(() => TimelineEventType)
  readonly node: TimelineEventType;

  constructor(event: TimelineEvent) {
    this.cursor = cursorOf({ at: event.occurredAt, id: event.id });
    this.node = new TimelineEventType(event);
  }
}

@Access('profile:read')
@ObjectType({ simpleResolvers: true })
export class TimelinePageInfo extends RelayPageInfo {}

@Access('profile:read')
@ObjectType({ description: 'A Relay page of what one person did, newest first.', simpleResolvers: true })
export class TimelineConnection {
  @Field(() => [TimelineEventEdge])
  readonly edges: readonly TimelineEventEdge[];

  @Field(() => TimelinePageInfo)
  readonly pageInfo: TimelinePageInfo;

  constructor({ events, hasNextPage }: TimelinePage, afterCursor: boolean) {
    this.edges = events.map((event) => new TimelineEventEdge(event));
    this.pageInfo = new TimelinePageInfo(this.edges, { next: hasNextPage, previous: afterCursor });
  }
}
