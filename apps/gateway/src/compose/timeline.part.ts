import { MongoTimelineReader, TimelineResolver } from '@vitrine/feedback';
import type { IdentityResolver } from '@vitrine/profile';
import type { Connection } from 'mongoose';
import type { Part } from './part';

/** What one person did: events of feedback, found by every id that profiles know of the person. */
export function composeTimeline(deps: { readonly connection: Connection; readonly identities: Pick<IdentityResolver, 'resolve'> }): Part {
  const timeline = new MongoTimelineReader(deps.connection);
  const resolver = new TimelineResolver({
    timeline,
    hashesOf: async (visitorId) => (await deps.identities.resolve(null, [visitorId])).get(visitorId)?.hashes ?? [],
  });
  return { resolvers: [[TimelineResolver, resolver]], closers: [] };
}
