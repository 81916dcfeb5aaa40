import { registerEnumType } from 'type-graphql';
import { EVENT_TYPES, type EventStatus } from '../domain/types';

export const EventTypeEnum: Readonly<Record<string, string>> = Object.fromEntries(EVENT_TYPES.map((type) => [type, type]));
export const EventStatusEnum = { ACCEPTED: 'ACCEPTED', DUPLICATE: 'DUPLICATE', REJECTED: 'REJECTED' } as const satisfies Record<
  EventStatus,
  EventStatus
>;

registerEnumType(EventTypeEnum, { name: 'EventType', description: 'What a visitor did.' });
registerEnumType(EventStatusEnum, {
  name: 'EventStatus',
  description: 'What became of an event.',
  valuesConfig: {
    ACCEPTED: { description: 'Queued safely; it will count once.' },
    DUPLICATE: { description: 'Taken before; do not send it again.' },
    REJECTED: { description: 'Not taken, for the reason in `code`.' },
  },
});
