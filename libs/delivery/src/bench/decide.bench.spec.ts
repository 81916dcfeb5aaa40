import { benchDecide } from './decide.bench';

describe('benchDecide', () => {
  it('times every policy it names', () => {
    const timings = benchDecide(20);
    expect(timings.map(({ policy }) => policy)).toEqual(['auto', 'linear-thompson', 'lin-ucb', 'uniform']);
    for (const { microsPerDecision } of timings) expect(microsPerDecision).toBeGreaterThan(0);
  });
});
