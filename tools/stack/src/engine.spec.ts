import { isAtLeast } from './engine';

describe('isAtLeast', () => {
  it.each([
    ['6.0.5', '4.2', true],
    ['4.2', '4.2', true],
    ['4.10.0', '4.2', true],
    ['4.1.99', '4.2', false],
    ['6.2', '6.2.1', false],
    ['7', '6.2', true],
  ])('compares %s with %s part by part as numbers', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
