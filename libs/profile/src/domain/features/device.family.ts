import { PROFILE_EVENT_TYPES } from '../profile-event';
import { defineFamily } from './feature-family';
import { addCount, mergeCounts, sharesOf, type CountTable } from './share-table';

export interface DeviceState {
  readonly classes: CountTable;
}

/** What somebody looks with. Counts: exact in any order. */
export const deviceFamily = defineFamily<DeviceState>({
  purpose: 'PERSONALIZATION',
  events: PROFILE_EVENT_TYPES.filter((type) => type !== 'REFUND'),
  features: [
    {
      name: 'deviceShare',
      description: 'Share of events by device class.',
      type: 'TABLE',
      unit: 'share',
      window: 'ever',
      halfLifeMs: null,
    },
  ],
  empty: { classes: [] },
  apply: (state, { device }) => (device === null ? state : { classes: addCount(state.classes, device) }),
  merge: (a, b) => ({ classes: mergeCounts(a.classes, b.classes) }),
  read: ({ classes }) => ({ deviceShare: sharesOf(classes) }),
});
