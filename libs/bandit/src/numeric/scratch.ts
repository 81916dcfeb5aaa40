/** Numbers that a hot path writes over on every call: grows, never shrinks. One call at a time. */
export class Scratch {
  private numbers = new Float64Array(64);

  /** At least n numbers, holding whatever they held before. */
  take(n: number): Float64Array {
    if (this.numbers.length < n) this.numbers = new Float64Array(2 * n);
    return this.numbers;
  }
}
