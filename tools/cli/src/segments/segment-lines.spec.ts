import type { SegmentSummary } from '@vitrine/segment';
import { modelLines, shownRun, shownSegments } from './segment-lines';

const segment = (people: number): SegmentSummary => ({
  ...{ id: 'seg-0', name: 'High visits', description: 'Far above average in visits (+1.2 sd).', share: 0.5, size: people },
  rate: { value: 0.25, low: 0.2, high: 0.3, people },
});

describe('what is shown of segments', () => {
  it('keeps sizes and rates of groups of ten and more', () => {
    expect(shownSegments([segment(10)])).toEqual([segment(10)]);
    expect(modelLines({ segments: [segment(10)], response: null }).join()).toContain('25.0 % (20.0 % to 30.0 %)');
  });

  it('has neither of smaller ones, in tables or JSON', () => {
    expect(shownSegments([segment(9)])).toEqual([{ ...segment(9), size: 0, rate: null }]);
    expect(modelLines({ segments: [segment(9)], response: null }).join()).toContain('not known');
  });

  it('has neither small counts nor ids of people in a run', () => {
    const assigned = { 0: { after: 'somebody', done: false, counts: { 'seg-0': 9, 'seg-1': 10 } } };
    const shown = { 0: { after: null, done: false, counts: { 'seg-0': 0, 'seg-1': 10 } } };
    expect(shownRun({ id: 'run-1', assigned })).toEqual({ id: 'run-1', assigned: shown });
  });
});
