import { invariant } from '@vitrine/kernel';

/** Nodes in (0, 1), ascending, and weights that sum to 1. */
export interface UnitQuadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Value and derivative of the Legendre polynomial of degree n at x in (-1, 1), by its three-term recurrence. */
function legendre(n: number, x: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = x;
  for (let k = 2; k <= n; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
    before = value;
    value = next;
  }
  return { value, slope: (n * (x * value - before)) / (x * x - 1) };
}

/**
 * Gauss-Legendre quadrature on [0, 1]: exact for polynomials up to degree 2 n - 1.
 *
 * @param n number of nodes, 2 to 64
 * @see Abramowitz & Stegun (1964), 25.4.29; nodes by Newton's method from the Tricomi starting values
 */
export function gaussLegendre(n: number): UnitQuadrature {
  invariant(Number.isInteger(n) && n >= 2 && n <= 64, 'a quadrature has 2 to 64 nodes');
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    for (let step = 0; step < 8; step++) {
      const { value, slope } = legendre(n, x);
      x -= value / slope;
    }
    const { slope } = legendre(n, x);
    nodes[i] = (1 + x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
