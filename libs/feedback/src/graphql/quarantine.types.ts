import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Access, RelayPageInfo } from '@vitrine/platform';
import type { QuarantineListing, QuarantinePage } from '../application/quarantine.ports';
import type { RedriveOutcome } from '../application/redrive-quarantined';
import type { EventType } from '../domain/types';
import { EventTypeEnum } from './event.enums';
import { cursorOf } from './time-cursor';

@Access('quarantine:read')
@ObjectType('QuarantinedEvent', { description: 'An event that a rule rejected; its content is not shown.', simpleResolvers: true })
export class QuarantinedEventType {
  @Field(() => ID)
  readonly id: string;

  @Field(() => ID)
  readonly eventId: string;

  @Field(() => String, { description: 'Name of the rule that rejected it.' })
  readonly rule: string;

  @Field(() => String, { description: 'A public error code.' })
  readonly code: string;

  @Field(() => EventTypeEnum, { nullable: true, description: 'Null where not even that could be read.' })
  readonly type: EventType | null;

  @Field(() => GraphQLDateTime)
  readonly receivedAt: Date;

  @Field(() => Boolean, { description: 'Whether it can be driven again. What the gateway refused at once cannot: its sender holds it.' })
  readonly redrivable: boolean;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was last driven again, in vain.' })
  readonly redrivenAt: Date | null;

  constructor(row: QuarantineListing) {
    this.id = row.id;
    this.eventId = row.eventId;
    this.rule = row.rule;
    this.code = row.code;
    this.type = row.type;
    this.receivedAt = new Date(row.at);
    this.redrivable = row.redrivable;
    this.redrivenAt = row.redrivenAt === null ? null : new Date(row.redrivenAt);
  }
}

@Access('quarantine:read')
@ObjectType({ simpleResolvers: true })
export class QuarantinedEventEdge {
  @Field(() => String)
  readonly cursor: string;

  @Field(() => QuarantinedEventType)
  readonly node: QuarantinedEventType;

  constructor(row: QuarantineListing) {
    this.cursor = cursorOf(row);
    this.node = new QuarantinedEventType(row);
  }
}

@Access('quarantine:read')
@ObjectType({ simpleResolvers: true })
export class QuarantinedEventPageInfo extends RelayPageInfo {}

@Access('quarantine:read')
@ObjectType({ description: 'A Relay page of quarantined events, received last first.', simpleResolvers: true })
export class QuarantinedEventConnection {
  @Field(() => [QuarantinedEventEdge])
  readonly edges: readonly QuarantinedEventEdge[];

  @Field(() => QuarantinedEventPageInfo)
  readonly pageInfo: QuarantinedEventPageInfo;

  constructor({ rows, hasNextPage }: QuarantinePage, afterCursor: boolean) {
    this.edges = rows.map((row) => new QuarantinedEventEdge(row));
    this.pageInfo = new QuarantinedEventPageInfo(this.edges, { next: hasNextPage, previous: afterCursor });
  }
}

@Access('quarantine:redrive')
@ObjectType({ simpleResolvers: true })
export class RedrivePayload {
  @Field(() => Int, { description: 'Events that the queue took; those that are accepted leave the quarantine.' })
  readonly queued: number;

  @Field(() => Int, { description: 'Ids that name nothing that can be driven again.' })
  readonly skipped: number;

  @Field(() => Boolean, { description: 'Whether more match than one call takes.' })
  readonly more: boolean;

  constructor({ queued, skipped, more }: RedriveOutcome) {
    this.queued = queued;
    this.skipped = skipped;
    this.more = more;
  }
}
