import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { DomainError, visitorId, type Clock } from '@vitrine/kernel';
import type { Principal } from '@vitrine/platform';
import type { IngestEvents } from '../application/ingest-events';
import { MAX_EVENTS_PER_CALL } from '../schema/beacon-body.schema';
import { EventInput } from './event.input';
import { RecordEventsPayload } from './record-events.payload';

/** What recording events needs of a request. */
export interface FeedbackContext {
  readonly principal: Principal;
  readonly userAgent: string | null;
  /** The shop's own people: taken like any event, and rejected by the rule for them. */
  readonly internal: boolean;
}

export interface EventsResolverDependencies {
  readonly ingest: Pick<IngestEvents, 'execute'>;
  readonly clock: Clock;
}

@Resolver()
export class EventsResolver {
  constructor(private readonly deps: EventsResolverDependencies) {}

  @Authorized('events:write')
  @Mutation(() => RecordEventsPayload, { description: 'Takes what visitors did; each event is answered for itself. At most 500 per call.' })
  async recordEvents(
    @Arg('events', () => [EventInput]) events: EventInput[],
    @Ctx() context: FeedbackContext,
  ): Promise<RecordEventsPayload> {
    if (events.length > MAX_EVENTS_PER_CALL) {
      throw new DomainError('EVENT_TOO_LARGE', undefined, { details: { maxEvents: MAX_EVENTS_PER_CALL } });
    }
    const request = { events, receivedAt: this.deps.clock.now(), ...senderOf(context) };
    return new RecordEventsPayload(await this.deps.ingest.execute(request));
  }
}

/**
 * Who vouches for events: a user token names their visitor. The user agent of a server with a secret key says nothing about the
 * visitors whose events it passes on.
 */
export function senderOf({ principal, userAgent, internal }: FeedbackContext) {
  return {
    authenticatedVisitorId: principal.kind === 'visitor' ? visitorId(principal.userId) : null,
    userAgent: principal.kind === 'secret' ? null : userAgent,
    internal,
  };
}
