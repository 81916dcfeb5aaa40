import type { ActivationEvent } from '@vitrine/catalog';
import type { EventType } from './types';

/** Proofs of showing, weakest first: a later one implies the earlier ones. */
export const SHOW_EVENTS = ['ACTIVATION', 'IMPRESSION', 'VIEWABLE_IMPRESSION'] as const satisfies readonly ActivationEvent[];

/** The proofs that this event gives: a viewable impression is an impression is an activation; nothing else proves a showing. */
export function provenBy(type: EventType): readonly ActivationEvent[] {
  return SHOW_EVENTS.slice(0, SHOW_EVENTS.findIndex((proof) => proof === type) + 1);
}

/** Whether the event makes a decision a trial in a placement that asks for `required` (D4). */
export function activates(type: EventType, required: ActivationEvent): boolean {
  return provenBy(type).includes(required);
}
