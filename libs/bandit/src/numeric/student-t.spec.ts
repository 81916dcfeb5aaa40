import { studentTDensity, studentTQuantile } from './student-t';

// mpmath 1.3, 40 digits: bisection of its regularised incomplete beta function; the normal row from its inverse error function.
const QUANTILES: readonly (readonly [number, number, number])[] = [
  [0.6, 1, 0.32491969623290632616],
  [0.95, 1, 6.313751514675043099],
  [0.999, 1, 318.30883898555044592],
  [0.9, 2, 1.8856180831641267317],
  [0.999999, 2, 707.10572052593380253],
  [0.95, 2.5, 2.5582186141359366234],
  [0.975, 3, 3.1824463052837095927],
  [0.999, 5, 5.8934295313560101276],
  [0.6, 10, 0.26018482949208023537],
  [0.999999, 10, 9.751995490940580178],
  [0.95, 29, 1.6991270265334977506],
  [0.999999, 29, 5.9171055404595621794],
  [0.95, 30, 1.6972608865939578486],
  [0.999999, 30, 5.8711171204188826456],
  [0.95, 31, 1.6955187825458655626],
  [0.999999, 31, 5.8286018038996639775],
  [0.975, 50, 2.0085591121007611055],
  [0.6, 299, 0.25357264712755990881],
  [0.9, 299, 1.2843893481333422549],
  [0.95, 299, 1.6499657674263900819],
  [0.95, 999, 1.6463803454275356467],
  [0.9, 1999, 1.2819752125780833605],
  [0.95, 1999, 1.6456162481872626605],
  [0.999999, 1999, 4.7674871949706437624],
  [0.95, 100000, 1.644868864784969734],
  [0.999, 100000, 3.0903138094272376137],
  [0.975, Infinity, 1.9599639845400542355],
  [0.999999, Infinity, 4.7534243088228989482],
];

describe('studentTQuantile', () => {
  it.each(QUANTILES)(
    'at %d with %d degrees of freedom is %d, to a part in 1e12 (1e9 far out)',
    (probability, degreesOfFreedom, expected) => {
      const allowed = probability > 0.999 ? 1e-9 : 1e-12;
      expect(Math.abs(studentTQuantile(probability, degreesOfFreedom) - expected)).toBeLessThan(allowed * expected);
    },
  );

  it.each([0.05, 0.1, 0.05 / 2])('at the tails of usual intervals (%d) is right to 1e-13', (tail) => {
    const cauchy = 1 / Math.tan(Math.PI * tail); // one degree of freedom has a closed form
    expect(Math.abs(studentTQuantile(tail, 1) + cauchy)).toBeLessThan(1e-13 * cauchy);
  });

  it('is symmetric, and 0 in the middle', () => {
    expect(studentTQuantile(0.125, 7)).toBe(-studentTQuantile(0.875, 7));
    expect(studentTQuantile(0.5, 40)).toBe(0);
  });

  it.each([
    [0, 3, 'inside (0, 1)'],
    [1, 3, 'inside (0, 1)'],
    [Number.NaN, 3, 'inside (0, 1)'],
    [0.5, 0, 'positive degrees'],
    [0.5, Number.NaN, 'positive degrees'],
  ])('refuses probability %d with %d degrees of freedom', (probability, degreesOfFreedom, message) => {
    expect(() => studentTQuantile(probability, degreesOfFreedom)).toThrow(message);
  });
});

describe('studentTDensity', () => {
  it('is 1 / (pi (1 + t^2)) with one degree of freedom and normal with infinitely many', () => {
    expect(studentTDensity(2, 1)).toBeCloseTo(1 / (5 * Math.PI), 15);
    expect(studentTDensity(1, Infinity)).toBeCloseTo(Math.exp(-0.5) / Math.sqrt(2 * Math.PI), 15);
    expect(studentTDensity(1, 1e12)).toBeCloseTo(studentTDensity(1, Infinity), 11);
  });
});
