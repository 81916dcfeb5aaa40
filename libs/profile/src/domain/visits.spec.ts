import { mergeVisits, NO_VISITS, RECENT_VISITS, summaryOf, VISIT_GAP_MS, visitAt, type VisitHistory } from './visits';

const through = (...times: readonly number[]): VisitHistory => times.reduce(visitAt, NO_VISITS);

describe('visits', () => {
  it('end after thirty minutes of silence and not before', () => {
    expect(through(0, VISIT_GAP_MS).recent).toHaveLength(1);
    expect(through(0, VISIT_GAP_MS + 1).recent).toHaveLength(2);
  });

  it('are joined by a late event that bridges them', () => {
    const apart = through(0, 1.5 * VISIT_GAP_MS);
    expect(apart.recent).toHaveLength(2);
    expect(visitAt(apart, 0.75 * VISIT_GAP_MS).recent).toEqual([{ from: 0, to: 1.5 * VISIT_GAP_MS, events: 3 }]);
  });

  it('keep their number when only the newest are remembered', () => {
    const times = Array.from({ length: RECENT_VISITS + 10 }, (_, i) => i * 3 * VISIT_GAP_MS);
    const history = through(...times);
    expect(history).toMatchObject({ older: { visits: 10, bounces: 10 } });
    expect(history.recent).toHaveLength(RECENT_VISITS);
    expect(visitAt(history, 0)).toBe(history);
  });

  it('of two devices at the same time are one', () => {
    expect(mergeVisits(through(0, 10), through(5, 20))).toEqual({ recent: [{ from: 0, to: 20, events: 4 }], older: NO_VISITS.older });
  });

  it('know their length and how many ended with their first event, remembered or not', () => {
    const times = Array.from({ length: RECENT_VISITS + 10 }, (_, i) => [i * 3 * VISIT_GAP_MS, i * 3 * VISIT_GAP_MS + 1_000]).flat();
    expect(summaryOf(through(...times.slice(1)))).toEqual({
      visits: RECENT_VISITS + 10,
      lengthMs: (RECENT_VISITS + 9) * 1_000,
      bounces: 1,
    });
  });
});
