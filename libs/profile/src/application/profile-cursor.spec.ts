import { applyEvents, emptyFeatures } from '../domain/features/feature-catalogue';
import { newProfile } from '../domain/profile';
import { aProfileEvent } from '../domain/profile-event.fixture';
import { visitorId } from '@vitrine/kernel';
import { cursorOf, positionOf } from './profile-cursor';

const bySeen = { orderedBy: 'seenAt', direction: 'DESCENDING' } as const;
const byMoney = { orderedBy: 'monetaryMinor', direction: 'ASCENDING' } as const;
const owing = (valueMinor: number) => ({
  ...newProfile({ id: 'p-1', alias: visitorId('a'), userId: null, nowMs: 0 }),
  features: applyEvents(emptyFeatures(), [aProfileEvent({ type: 'REFUND', valueMinor })]),
});

describe('a cursor of profiles', () => {
  it.each([1, 0.1, 1e-9, 1.5e300, 123_456_789.123_456_7])('brings %s back to the last bit', (amount) => {
    expect(positionOf(byMoney, cursorOf(byMoney, owing(amount)))).toEqual({ value: -amount, id: 'p-1' });
  });

  it.each([
    ['another feature', { ...byMoney, orderedBy: 'visits' }],
    ['another direction', { ...byMoney, direction: 'DESCENDING' } as const],
    ['the order of no feature', bySeen],
  ])('is of no use in the order of %s', (_, order) => {
    expect(() => positionOf(order, cursorOf(byMoney, owing(3)))).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: ['after'] } }),
    );
  });

  it.each(['', '0~p2', 'seenAt.D~~p', 'seenAt.D~1.2.3~p', 'seenAt.D~1e999~p', 'seenAt.D~5~p p', 'seenAt.D~5~'])('is not %p', (text) => {
    expect(() => positionOf(bySeen, text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});
