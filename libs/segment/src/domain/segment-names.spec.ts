import { nameSegments } from './segment-names';

const NAMES = ['logVisits', 'recencyDays', 'interest:shoes'];

describe('nameSegments', () => {
  it('names a segment by its two strongest features', () => {
    expect(nameSegments([[1.2, -2, 0.4]], NAMES)).toEqual(['Low recency days, high log visits']);
  });

  it('calls a segment average that nothing sets apart', () => {
    expect(nameSegments([[0.1, -0.2, 0]], NAMES)).toEqual(['Average']);
  });

  it('never gives a name twice', () => {
    const names = nameSegments(
      [
        [2, 1, 0.5],
        [2, 1, 0.5],
        [2, 1, 0.5],
        [0, 0, 0],
        [0, 0, 0],
      ],
      NAMES,
    );
    expect(names).toEqual([
      'High log visits, high recency days',
      'High log visits, high recency days, high interest shoes',
      'High log visits, high recency days, high interest shoes (2)',
      'Average',
      'Average (2)',
    ]);
  });
});
