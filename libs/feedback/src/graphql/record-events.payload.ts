import { Field, ID, ObjectType } from 'type-graphql';
import { Access } from '@vitrine/platform';
import type { EventOutcome, EventStatus } from '../domain/types';
import { EventStatusEnum } from './event.enums';

@Access('events:write')
@ObjectType({ description: 'What became of one event.', simpleResolvers: true })
export class EventResult {
  @Field(() => ID)
  readonly eventId: string;

  @Field(() => EventStatusEnum)
  readonly status: EventStatus;

  @Field(() => String, { nullable: true, description: 'A public error code, where the status is REJECTED.' })
  readonly code: string | null;

  constructor({ eventId, status, code }: EventOutcome) {
    this.eventId = eventId;
    this.status = status;
    this.code = code;
  }
}

@Access('events:write')
@ObjectType({ simpleResolvers: true })
export class RecordEventsPayload {
  @Field(() => [EventResult], { description: 'One per event, in the order they were sent.' })
  readonly results: readonly EventResult[];

  constructor(outcomes: readonly EventOutcome[]) {
    this.results = outcomes.map((outcome) => new EventResult(outcome));
  }
}
