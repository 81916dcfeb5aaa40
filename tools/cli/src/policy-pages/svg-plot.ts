export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Half the height of the band around it. */
  readonly reach: number;
}

export interface PlotSeries {
  readonly label: string;
  readonly color: string;
  readonly points: readonly PlotPoint[];
}

export interface Plot {
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Later ones lie on top. */
  readonly series: readonly PlotSeries[];
}

const SIZE = { width: 640, height: 360 } as const;
const EDGE = { left: 64, right: 16, top: 36, bottom: 48 } as const;
const AREA = { width: SIZE.width - EDGE.left - EDGE.right, height: SIZE.height - EDGE.top - EDGE.bottom } as const;
const TICKS = 5;
const INK = '#343a40';
const GRID = '#dee2e6';
const LEGEND = { x: EDGE.left + 12, y: EDGE.top + 14, step: 18 } as const;

/** Curves with bands as an SVG that reads on light and dark pages alike: the same input gives the same bytes. */
export function svgPlot(plot: Plot): string {
  const points = plot.series.flatMap((series) => series.points);
  const x = axis(Math.max(...points.map((point) => point.x)));
  const y = axis(Math.max(...points.map((point) => point.y + point.reach)));
  const place: Place = {
    x: (value) => EDGE.left + (AREA.width * value) / x.end,
    y: (value) => EDGE.top + AREA.height * (1 - Math.max(0, value) / y.end),
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" font-family="sans-serif" font-size="12" fill="${INK}">`,
    `<title>${escapedXml(plot.title)}</title>`,
    `<desc>${escapedXml(plot.description)}</desc>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    `<text x="${EDGE.left}" y="22" font-size="14" font-weight="bold">${escapedXml(plot.title)}</text>`,
    ...y.ticks.map((tick) => yTick(tick, place)),
    ...x.ticks.map((tick) => xTick(tick, place)),
    `<text x="${EDGE.left + AREA.width / 2}" y="${SIZE.height - 10}" text-anchor="middle">${escapedXml(plot.xLabel)}</text>`,
    `<text transform="translate(14 ${EDGE.top + AREA.height / 2}) rotate(-90)" text-anchor="middle">${escapedXml(plot.yLabel)}</text>`,
    ...plot.series.map((series) => band(series, place)),
    ...plot.series.map((series) => line(series, place)),
    ...plot.series.toReversed().map(legend),
    '</svg>',
    '',
  ].join('\n');
}

interface Place {
  x(value: number): number;
  y(value: number): number;
}

/** Round steps of 1, 2 or 5 times a power of ten from 0 to just past the largest value. */
function axis(largest: number): { readonly end: number; readonly ticks: readonly number[] } {
  const raw = Math.max(largest, 1e-9) / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10);
  const count = Math.ceil(largest / step - 1e-9);
  return { end: Math.max(count, 1) * step, ticks: Array.from({ length: Math.max(count, 1) + 1 }, (_, i) => i * step) };
}

const at = (value: number): string => value.toFixed(1);
const pair = (x: number, y: number): string => `${at(x)},${at(y)}`;

function yTick(value: number, { y }: Place): string {
  const height = at(y(value));
  return `<path d="M${EDGE.left} ${height}H${EDGE.left + AREA.width}" stroke="${GRID}"/><text x="${EDGE.left - 8}" y="${at(y(value) + 4)}" text-anchor="end">${tickText(value)}</text>`;
}

function xTick(value: number, { x }: Place): string {
  return `<text x="${at(x(value))}" y="${EDGE.top + AREA.height + 18}" text-anchor="middle">${tickText(value)}</text>`;
}

/** Thousands apart; no digits that are rounding. */
function tickText(value: number): string {
  const [whole = '', fraction] = String(Number(value.toPrecision(6))).split('.');
  const apart = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}

function band({ points, color }: PlotSeries, { x, y }: Place): string {
  const upper = points.map((point) => pair(x(point.x), y(point.y + point.reach)));
  const lower = points.toReversed().map((point) => pair(x(point.x), y(point.y - point.reach)));
  return `<polygon points="${[...upper, ...lower].join(' ')}" fill="${color}" fill-opacity="0.18"/>`;
}

function line({ points, color }: PlotSeries, { x, y }: Place): string {
  return `<polyline points="${points.map((point) => pair(x(point.x), y(point.y))).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`;
}

function legend({ label, color }: PlotSeries, row: number): string {
  const height = LEGEND.y + LEGEND.step * row;
  return `<path d="M${LEGEND.x} ${height - 4}h20" stroke="${color}" stroke-width="3"/><text x="${LEGEND.x + 28}" y="${height}">${escapedXml(label)}</text>`;
}

/** Text as it may stand in a document. */
export const escapedXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
