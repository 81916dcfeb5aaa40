import { Arg, Authorized, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { QuarantineReader } from '../application/quarantine.ports';
import type { RedriveQuarantined } from '../application/redrive-quarantined';
import { DEFAULT_PAGE, MAX_PAGE, pageSize } from './page-size';
import { QuarantineFilterInput, toQuarantineFilter } from './quarantine-filter.input';
import { QuarantinedEventConnection, QuarantinedEventType, RedrivePayload } from './quarantine.types';
import { placeOfCursor } from './time-cursor';

export interface QuarantineResolverDependencies {
  readonly quarantine: Pick<QuarantineReader, 'list'>;
  readonly redrive: Pick<RedriveQuarantined, 'execute'>;
}

@Resolver(() => QuarantinedEventType)
export class QuarantineResolver {
  constructor(private readonly deps: QuarantineResolverDependencies) {}

  @Authorized('quarantine:read')
  @Query(() => QuarantinedEventConnection, { description: 'What cleaning rejected in the last 30 days, received last first.' })
  async quarantinedEvents(
    @Arg('filter', () => QuarantineFilterInput, { nullable: true }) filter: QuarantineFilterInput | null | undefined,
    @Arg('first', () => Int, { nullable: true, description: `1 to ${MAX_PAGE}; ${DEFAULT_PAGE} when absent.` })
    first: number | null | undefined,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
  ): Promise<QuarantinedEventConnection> {
    const place = typeof after === 'string' ? placeOfCursor(after) : null;
    const page = await this.deps.quarantine.list(toQuarantineFilter(filter), { first: pageSize(first), after: place });
    return new QuarantinedEventConnection(page, place !== null);
  }

  @Authorized('quarantine:redrive')
  @Mutation(() => RedrivePayload, {
    description:
      'Sends quarantined events through cleaning once more, by ids (at most 1,000) or by filter (at most 10,000 a call); each still counts once.',
  })
  async redriveQuarantined(
    @Arg('ids', () => [ID], { nullable: true }) ids: string[] | null | undefined,
    @Arg('filter', () => QuarantineFilterInput, { nullable: true }) filter: QuarantineFilterInput | null | undefined,
  ): Promise<RedrivePayload> {
    const request = { ids: ids ?? null, filter: filter === null || filter === undefined ? null : toQuarantineFilter(filter) };
    return new RedrivePayload(await this.deps.redrive.execute(request));
  }
}
