import { publishedPointer, rolledBackPointer, type PolicyPointer } from './policy-pointer';
import { HERO } from './catalog.fixtures';

const stamp = { at: 1, by: 'staff:ada' };
const run = (moves: string): PolicyPointer | null =>
  [...moves].reduce<PolicyPointer | null>(
    (pointer, move) => (move === 'p' ? publishedPointer(HERO, pointer, stamp) : rolledBackPointer(HERO, pointer, stamp)),
    null,
  );

describe('policy pointer', () => {
  it.each([
    ['p', 1, 1],
    ['ppp', 3, 3],
    ['pppr', 2, 3],
    ['ppprr', 1, 3],
    ['ppprp', 4, 4],
    ['ppprpr', 2, 4],
  ])('after %s version %i is live and %i is the last number given', (moves, live, last) => {
    expect(run(moves)).toMatchObject({ liveNumber: live, lastNumber: last });
  });

  it.each(['r', 'pr', 'pprr'])('refuses to go back before the first version: %s', (moves) => {
    expect(() => run(moves)).toThrow(expect.objectContaining({ code: 'UNKNOWN_POLICY' }));
  });

  it('keeps every move', () => {
    expect(run('ppr')?.history.map(({ kind, number }) => [kind, number])).toEqual([
      ['PUBLISHED', 1],
      ['PUBLISHED', 2],
      ['ROLLED_BACK', 1],
    ]);
  });
});
