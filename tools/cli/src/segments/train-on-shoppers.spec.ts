import { resolve } from 'node:path';
import type { ResponseReferenceWork } from '@vitrine/bench';
import { DomainError } from '@vitrine/kernel';
import { shopperLines } from './segment-lines';
import { trainOnShoppers, type ShopperTraining } from './train-on-shoppers';

const context = {
  ...{ env: {}, root: resolve(__dirname, '../../../..'), dataDir: '/nowhere', signal: new AbortController().signal },
  ...{ say: () => undefined, write: () => undefined, fail: () => undefined },
};
/** What scikit-learn 1.9.1 gives, without and with the leaking column. */
const REFERENCE = { library: 'scikit-learn', version: '1.9.1', rows: 12_330, trainRows: 7_605, testRows: 4_725 };

describe('training on the shop sessions', () => {
  const asked: ResponseReferenceWork[] = [];
  let outcome: ShopperTraining;

  beforeAll(async () => {
    const fitReference = (work: ResponseReferenceWork) => {
      asked.push(work);
      return Promise.resolve({ ...REFERENCE, plain: 0.68, categorical: asked.length === 1 ? 0.69 : 0.83 });
    };
    outcome = await trainOnShoppers(context, { seed: 1, fitReference });
  }, 180_000);

  it('keeps the test months and the leaking column out of everything but their measure', () => {
    expect(outcome.data).toEqual({ name: 'online-shoppers', trainSessions: 7_605, testSessions: 4_725, testMonths: ['Nov', 'Dec'] });
    expect(asked.map(({ numeric }) => numeric.includes('PageValues'))).toEqual([false, true]);
    expect(asked[0]?.testMonths).toEqual(['Nov', 'Dec']);
  });

  it('predicts purchases of later months as well as the reference, and far better once the answer leaks', () => {
    const { auc, aucLow, aucHigh, referenceAuc, aucWithLeak, referenceAucWithLeak } = outcome.response;
    expect([referenceAuc, referenceAucWithLeak]).toEqual([0.69, 0.83]);
    expect(auc).toBeGreaterThan(0.7);
    expect([aucLow < auc, auc < aucHigh]).toEqual([true, true]);
    expect(aucWithLeak).toBeGreaterThan(0.8);
  });

  it('finds segments of later sessions that are large, stable and buy at very different rates', () => {
    const { segments, rateRatio, stability, leastStability, gate } = outcome;
    expect(Math.min(...segments.map(({ share }) => share))).toBeGreaterThanOrEqual(0.05);
    expect(segments.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(4_725);
    expect(rateRatio).toBeGreaterThanOrEqual(3);
    for (const { rate, rateLow, rateHigh } of segments) expect([rateLow < rate, rate < rateHigh]).toEqual([true, true]);
    expect(stability).toBeGreaterThanOrEqual(0.9);
    expect(leastStability).toBeLessThanOrEqual(stability);
    expect(gate).toMatchObject({ refusal: null, responseGain: expect.any(Number) });
  });

  it('tells people what leaks, and why there is no reference where there is none', async () => {
    expect(shopperLines(outcome).join('\n')).toMatch(
      /ROC AUC: 0\.7[^]*gradient boosting, same columns: 0\.6900[^]*leaking column: 0\.8[^]*knows the answer/,
    );
    const unavailable = { ...outcome, response: { ...outcome.response, referenceAuc: null } };
    expect(shopperLines(unavailable).join('\n')).toContain('could not be fitted here');
    const broken = () => Promise.reject(new DomainError('BAD_USER_INPUT', 'no such column'));
    await expect(trainOnShoppers(context, { seed: 1, fitReference: broken })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
