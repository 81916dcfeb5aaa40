import { rngFromNumber } from '@vitrine/kernel';
import { checkSampleRatio } from './sample-ratio';

describe('checkSampleRatio', () => {
  it('computes the statistic by its definition', () => {
    // (450 - 500)^2 / 500 + (4550 - 4500)^2 / 4500; upper tail of chi-squared with one degree of freedom from R: pchisq(5.5556, 1, lower = FALSE)
    const check = checkSampleRatio({ all: 5_000, holdout: 450 }, 0.1);
    expect(check?.chiSquared).toBeCloseTo(2_500 / 500 + 2_500 / 4_500, 12);
    expect(check?.pValue).toBeCloseTo(0.018422, 5);
    expect(check?.mismatch).toBe(false);
  });

  it('sounds the alarm when the split cannot be chance', () => {
    expect(checkSampleRatio({ all: 50_000, holdout: 4_500 }, 0.1)?.mismatch).toBe(true);
  });

  it('says nothing without persons', () => {
    expect(checkSampleRatio({ all: 0, holdout: 0 }, 0.1)).toBeNull();
  });

  it('seldom sounds a false alarm: under fair splits at most 8 of 2,000 (2 expected, chance of more 0.02 %)', () => {
    const rng = rngFromNumber(7);
    let alarms = 0;
    for (let run = 0; run < 2_000; run++) {
      let holdout = 0;
      for (let person = 0; person < 1_000; person++) if (rng() < 0.2) holdout++;
      if (checkSampleRatio({ all: 1_000, holdout }, 0.2)?.mismatch === true) alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(8);
  });
});
