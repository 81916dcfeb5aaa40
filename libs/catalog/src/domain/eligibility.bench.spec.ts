import { benchmarkEligibility } from './eligibility.bench';

describe('benchmarkEligibility', () => {
  it('measures passes that do offer banners', () => {
    let nowMs = 0;
    const result = benchmarkEligibility({ now: () => (nowMs += 3) }, { banners: 50, passes: 10 });
    expect(result).toEqual({ banners: 50, campaigns: 5, passes: 10, microsecondsPerPass: 300 });
  });
});
