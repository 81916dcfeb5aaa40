import { benchResponse } from './compile-response.bench';

describe('benchResponse', () => {
  it('predicts by every kind of model in a small part of a decision', () => {
    const results = benchResponse(20_000);
    expect(results.map(({ kind }) => kind)).toEqual(['LOGISTIC', 'BOOSTED_TREES', 'IMPORTED']);
    for (const { predictMicros } of results) expect(predictMicros).toBeLessThan(100); // 0.1, 3 and 4 on one core
  });
});
