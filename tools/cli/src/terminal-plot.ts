const BARS = '▁▂▃▄▅▆▇█';
const BAR_WIDTH = 24;

/** A curve in one line; equal values lie at the bottom. */
export function sparkline(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const step = (value: number): number => (most === least ? 0 : Math.floor(((value - least) / (most - least)) * (BARS.length - 1)));
  return values.map((value) => (Number.isFinite(value) ? (BARS[step(value)] ?? '') : ' ')).join('');
}

/** A bar from 0 to a share of what is largest, in eighths of a character. */
export function bar(value: number, largest: number): string {
  const eighths = largest > 0 ? Math.max(0, Math.round((value / largest) * BAR_WIDTH * 8)) : 0;
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + rest;
}
