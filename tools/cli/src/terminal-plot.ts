const BARS = '▁▂▃▄▅▆▇█';
const BAR_WIDTH = 24;

/** Between which values a curve is drawn: curves that are compared share one. */
export interface PlotScale {
  readonly least: number;
  readonly most: number;
}

export function scaleOf(values: readonly number[]): PlotScale {
  const known = values.filter(Number.isFinite);
  return { least: Math.min(...known), most: Math.max(...known) };
}

/** A curve in one line; equal values lie at the bottom. */
export function sparkline(values: readonly number[], { least, most }: PlotScale = scaleOf(values)): string {
  const span = most - least;
  const step = (value: number): number => (span === 0 ? 0 : Math.min(BARS.length - 1, Math.floor(((value - least) / span) * BARS.length)));
  return values.map((value) => (Number.isFinite(value) ? (BARS[step(value)] ?? '') : ' ')).join('');
}

/** A bar from 0 to a share of what is largest, in eighths of a character. */
export function bar(value: number, largest: number): string {
  const eighths = largest > 0 ? Math.max(0, Math.round((value / largest) * BAR_WIDTH * 8)) : 0;
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + rest;
}
