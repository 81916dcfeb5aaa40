import type { Connection } from 'mongoose';
import type { TimelineEvent, TimelinePage, TimelineQuery, TimelineReader } from '../application/timeline.ports';
import { EVENT_TYPES } from '../domain/types';
import { COLLECTIONS, type EventDoc } from './feedback.documents';
import { TIMELINE_INDEX } from './feedback.migrations';

const SHOWN = {
  type: 1,
  occurredAt: 1,
  receivedAt: 1,
  device: 1,
  decisionId: 1,
  slot: 1,
  placementId: 1,
  bannerId: 1,
  productId: 1,
  category: 1,
  amountMinor: 1,
  currency: 1,
  dwellMs: 1,
  cleaning: 1,
} as const;
type ShownRow = Pick<EventDoc, '_id' | keyof typeof SHOWN>;

/**
 * `events` of one person. The server merges one walk of the index per hash, each in order; a person has at most a hundred ids, which is half
 * of what it merges so at most.
 */
export class MongoTimelineReader implements TimelineReader {
  constructor(private readonly connection: Connection) {}

  async list({ hashes, types, first, after }: TimelineQuery): Promise<TimelinePage> {
    const rows = await this.connection
      .collection<EventDoc>(COLLECTIONS.events)
      .find<ShownRow>(
        {
          visitorHash: { $in: [...hashes] },
          type: { $in: [...(types ?? EVENT_TYPES)] }, // a type of a later release could not be told
          ...(after === null ? {} : placeAfter(after)),
        },
        { projection: SHOWN },
      )
      .sort({ occurredAt: -1, _id: -1 })
      .hint(TIMELINE_INDEX)
      .limit(first + 1)
      .toArray();
    return { events: rows.slice(0, first).flatMap(toEvent), hasNextPage: rows.length > first };
  }
}

/** The first condition alone bounds the walk; the second settles what happened in the same millisecond. */
function placeAfter({ at, id }: { readonly at: number; readonly id: string }) {
  const occurredAt = new Date(at);
  return { occurredAt: { $lte: occurredAt }, $or: [{ occurredAt: { $lt: occurredAt } }, { _id: { $lt: id } }] };
}

function toEvent({ _id: id, type: stored, occurredAt, receivedAt, cleaning, ...rest }: ShownRow): readonly TimelineEvent[] {
  const type = EVENT_TYPES.find((known) => known === stored);
  if (type === undefined) return [];
  return [{ ...rest, id, type, occurredAt: occurredAt.getTime(), receivedAt: receivedAt.getTime(), notes: cleaning ?? [] }];
}
