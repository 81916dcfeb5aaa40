import { defineFamily } from './feature-family';
import { addCount, mergeCounts, sharesOf, type CountTable } from './share-table';

export interface RhythmState {
  readonly hours: CountTable;
  readonly weekdays: CountTable;
}

const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
const shares = { type: 'TABLE', unit: 'share', window: 'ever', halfLifeMs: null } as const;

/** When somebody is about, in UTC. Counts: exact in any order. */
export const rhythmFamily = defineFamily<RhythmState>({
  purpose: 'PERSONALIZATION',
  events: ['PAGE_VIEW', 'PRODUCT_VIEW', 'SEARCH', 'CLICK', 'ADD_TO_CART', 'PURCHASE'],
  features: [
    { name: 'hourOfDay', description: 'By hour, `00` to `23`.', ...shares },
    { name: 'weekday', description: 'By day of the week.', ...shares },
  ],
  empty: { hours: [], weekdays: [] },
  apply: ({ hours, weekdays }, { occurredAt }) => {
    const date = new Date(occurredAt);
    return {
      hours: addCount(hours, String(date.getUTCHours()).padStart(2, '0')),
      weekdays: addCount(weekdays, WEEKDAYS[date.getUTCDay()] ?? 'SUNDAY'),
    };
  },
  merge: (a, b) => ({ hours: mergeCounts(a.hours, b.hours), weekdays: mergeCounts(a.weekdays, b.weekdays) }),
  read: ({ hours, weekdays }) => ({ hourOfDay: sharesOf(hours), weekday: sharesOf(weekdays) }),
});
