import { describeSegment, nameSegments } from './segment-names';

const NAMES = ['logVisits', 'recencyDays', 'interest:shoes'];

describe('nameSegments', () => {
  it('names a segment by its two strongest features', () => {
    expect(nameSegments([[1.2, -2, 0.4]], NAMES)).toEqual(['Low days since the last visit, high visits']);
  });

  it('says what columns mean that are named after their formula', () => {
    const names = ['logMonetary', 'logPurchaseRecencyDays', 'hourOfDaySin', 'log'];
    expect(
      nameSegments(
        [
          [2, -1, 0, 0],
          [0, 0, 2, -1],
        ],
        names,
      ),
    ).toEqual(['High money spent, low days since the last purchase', 'High visits between midnight and noon (UTC), low log']);
  });

  it('says one thing once: pages and seconds of one kind make half a name', () => {
    const names = ['productPages', 'productSeconds', 'bounceRate'];
    expect(nameSegments([[2, 1.9, -0.5]], names)).toEqual(['High product pages, low bounce rate']);
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
      'High visits, high days since the last visit',
      'High visits, high days since the last visit, high interest shoes',
      'High visits, high days since the last visit, high interest shoes (2)',
      'Average',
      'Average (2)',
    ]);
  });
});

describe('describeSegment', () => {
  it('says in what people differ from all, strongest first, how far, and no more than four things', () => {
    const names = ['logVisits', 'recencyDays', 'interest:shoes', 'clicks', 'views', 'dwell'];
    expect(describeSegment([1.24, -2, 0.4, 0.29, -0.5, 0.6], names)).toBe(
      'Far below average in days since the last visit (-2.0 sd), far above average in visits (+1.2 sd), ' +
        'above average in dwell (+0.6 sd), below average in views (-0.5 sd).',
    );
  });

  it('says of people who differ in nothing that they do not', () => {
    expect(describeSegment([0.1, -0.29, 0], NAMES)).toBe('Near the average in everything.');
  });
});
