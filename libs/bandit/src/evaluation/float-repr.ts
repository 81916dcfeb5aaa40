/**
 * A number as Python's `repr` writes a float: always a point or an exponent (`2.0`, `1e-05`, `1e+16`). Keys of the reference format contain
 * parameters in this form.
 *
 * @param x finite
 */
export function floatRepr(x: number): string {
  const [digits = '0', power = '0'] = x.toExponential().split('e');
  const exponent = Number(power);
  if (x !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = Object.is(x, -0) ? '-0' : String(x);
  return plain.includes('.') ? plain : `${plain}.0`;
}
