import { Arg, Authorized, ID, Int, Query, Resolver } from 'type-graphql';
import { visitorId as toVisitorId } from '@vitrine/kernel';
import type { PersonHashes, TimelineReader } from '../application/timeline.ports';
import type { EventType } from '../domain/types';
import { EventTypeEnum } from './event.enums';
import { DEFAULT_PAGE, MAX_PAGE, pageSize } from './page-size';
import { placeOfCursor } from './time-cursor';
import { TimelineConnection, TimelineEventType } from './timeline.types';

export interface TimelineResolverDependencies {
  readonly timeline: TimelineReader;
  readonly hashesOf: PersonHashes;
}

@Resolver(() => TimelineEventType)
export class TimelineResolver {
  constructor(private readonly deps: TimelineResolverDependencies) {}

  @Authorized('profile:read')
  @Query(() => TimelineConnection, {
    description:
      'What somebody did, under any of the person’s ids, newest first; empty for whom nothing is held. Events of somebody without ANALYTICS consent name nobody, and are in no timeline.',
  })
  async profileTimeline(
    @Arg('visitorId', () => ID) visitorId: string,
    @Arg('types', () => [EventTypeEnum], { nullable: true, description: 'Every type when absent.' })
    types: readonly EventType[] | null | undefined,
    @Arg('first', () => Int, { nullable: true, description: `1 to ${MAX_PAGE}; ${DEFAULT_PAGE} when absent.` })
    first: number | null | undefined,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
  ): Promise<TimelineConnection> {
    const place = typeof after === 'string' ? placeOfCursor(after) : null;
    const size = pageSize(first);
    const hashes = await this.deps.hashesOf(toVisitorId(visitorId));
    const page = await this.deps.timeline.list({ hashes, types: types ?? null, first: size, after: place });
    return new TimelineConnection(page, place !== null);
  }
}
