import { fakeClock } from '@vitrine/testing';
import { aProfile, aSegmentModel, NOON } from '../fixtures';
import { RememberedSegments } from '../store/remembered-segments';
import { benchVisitor } from './visitor.bench';

describe('benchVisitor', () => {
  it('times visitors with a live model and without one, and leaves them remembered', async () => {
    const memory = new RememberedSegments(fakeClock(NOON), 100);
    for (const [placer, remembered] of [
      [null, 0],
      [aSegmentModel(), 50],
    ] as const) {
      const { microsPerVisitor } = await benchVisitor({ profile: aProfile(), placer, memory, nowMs: NOON }, 50);
      expect(microsPerVisitor).toBeGreaterThan(0);
      expect(memory.size).toBeGreaterThanOrEqual(remembered);
    }
  });
});
