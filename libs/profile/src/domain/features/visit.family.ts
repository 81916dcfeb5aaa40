import { PROFILE_EVENT_TYPES } from '../profile-event';
import { mergeVisits, NO_VISITS, summaryOf, visitAt, VISIT_GAP_MS, type VisitHistory } from '../visits';
import { defineFamily } from './feature-family';
import { latestTime } from './latest';

export interface VisitState {
  readonly history: VisitHistory;
  readonly lastSeenAt: number | null;
}

const always = { type: 'NUMBER', window: 'ever', halfLifeMs: null } as const;
const minutes = VISIT_GAP_MS / 60_000;

/**
 * Coming and going: a visit ends after half an hour of silence. Exact in any order of arrival as long as an event is not older than the
 * newest 32 visits; one that is joins the forgotten past and counts no visit.
 */
export const visitFamily = defineFamily<VisitState>({
  purpose: 'PERSONALIZATION',
  events: PROFILE_EVENT_TYPES.filter((type) => type !== 'REFUND'), // booked by a back office: the shopper need not be there
  features: [
    {
      name: 'visits',
      description: `Times somebody came; a visit ends after ${minutes} minutes of silence.`,
      unit: 'visits',
      indexed: true,
      ...always,
    },
    { name: 'visitSeconds', description: 'Mean time from the first to the last event of a visit.', unit: 's', ...always },
    { name: 'bounceShare', description: 'Share of visits of which one event is all that is known.', unit: 'share', ...always },
    { name: 'lastSeenAt', description: 'The last event.', type: 'TIME', unit: 'ms', window: 'the newest', halfLifeMs: null },
  ],
  empty: { history: NO_VISITS, lastSeenAt: null },
  apply: ({ history, lastSeenAt }, { occurredAt }) => ({
    history: visitAt(history, occurredAt),
    lastSeenAt: latestTime(lastSeenAt, occurredAt),
  }),
  merge: (a, b) => ({ history: mergeVisits(a.history, b.history), lastSeenAt: latestTime(a.lastSeenAt, b.lastSeenAt) }),
  read: ({ history, lastSeenAt }) => {
    const { visits, lengthMs, bounces } = summaryOf(history);
    return {
      visits,
      visitSeconds: visits === 0 ? null : lengthMs / visits / 1_000,
      bounceShare: visits === 0 ? null : bounces / visits,
      lastSeenAt,
    };
  },
});
