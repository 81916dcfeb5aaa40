import { withBlocks } from './generated-blocks';
import { markdownTable } from './markdown-table';
import { defaultText, rangeText, unitText } from './parameter-text';
import { svgPlot } from './svg-plot';

describe('a Markdown table', () => {
  it('is aligned, with bars escaped', () => {
    expect(
      markdownTable(
        ['a', 'bb'],
        [
          ['long cell', 'x|y'],
          ['', 'é'],
        ],
      ),
    ).toBe(['| a         | bb   |', '| --------- | ---- |', '| long cell | x\\|y |', '|           | é    |'].join('\n'));
  });
});

describe('generated text', () => {
  const page = 'before\n\n<!-- generated: a -->\n\nold\n\n<!-- /generated -->\n\nafter\n';

  it('takes the place of the old one and leaves the rest', () => {
    expect(withBlocks(page, { a: 'new' }, 'x.md')).toBe('before\n\n<!-- generated: a -->\n\nnew\n\n<!-- /generated -->\n\nafter\n');
    expect(withBlocks(page, { a: 'old' }, 'x.md')).toBe(page);
  });

  it.each([
    ['no place', 'text'],
    ['an open place', '<!-- generated: a -->\n'],
    ['two places', page + page],
  ])('refuses a page with %s', (_what, text) => {
    expect(() => withBlocks(text, { a: 'new' }, 'x.md')).toThrow(/x\.md needs exactly one place/);
  });
});

describe('a parameter in words', () => {
  const number = { kind: 'number', description: '', default: 0.5, min: 1e-6, max: 1e6 } as const;

  it.each([
    [number, '0.5', '1e-6 to 1000000', ''],
    [{ ...number, default: 0, whole: true, unit: 'trials' }, '0', 'whole, 1e-6 to 1000000', 'trials'],
    [{ ...number, default: 604_800_000, unit: 'ms' }, '604800000 (7 d)', '1e-6 to 1000000', 'ms'],
    [{ ...number, default: 7_200_000, unit: 'ms' }, '7200000 (2 h)', '1e-6 to 1000000', 'ms'],
    [{ kind: 'choice', description: '', default: 'a', options: ['a', 'b'] }, 'a', 'a, b', ''],
    [{ kind: 'list', description: '', default: [], maxLength: 3 }, 'none', 'at most 3 texts', ''],
    [{ kind: 'list', description: '', default: ['x', 'y'], maxLength: 3 }, 'x, y', 'at most 3 texts', ''],
    [
      { kind: 'policy', description: '', default: { name: 'uniform', params: {} } },
      '{"name":"uniform","params":{}}',
      'a policy: { name, params }',
      '',
    ],
  ] as const)('%j: %s; %s; %s', (parameter, initial, range, unit) => {
    expect([defaultText(parameter), rangeText(parameter), unitText(parameter)]).toEqual([initial, range, unit]);
  });
});

describe('a plot', () => {
  const plot = {
    title: 'A & B',
    description: 'x < y',
    xLabel: 'x',
    yLabel: 'y',
    series: [
      {
        label: 'line',
        color: '#000000',
        points: [
          { x: 0, y: 0, reach: 0 },
          { x: 1_000, y: 40, reach: 5 },
        ],
      },
    ],
  };

  it('puts points where they belong, bands around them, and round ticks at the axes', () => {
    const svg = svgPlot(plot);
    // The axis ends at 50, the first round step past 45: 40 lies a fifth below the top edge.
    expect(svg).toContain('<polyline points="64.0,312.0 624.0,91.2"');
    expect(svg).toContain('<polygon points="64.0,312.0 624.0,63.6 624.0,118.8 64.0,312.0"');
    expect([...svg.matchAll(/>([\d,.]+)<\/text>/g)].map(([, tick]) => tick)).toEqual([
      ...['0', '10', '20', '30', '40', '50'],
      ...['0', '200', '400', '600', '800', '1,000'],
    ]);
    expect(svg).toMatch(/<title>A &amp; B<\/title>\n<desc>x &lt; y<\/desc>/);
  });

  it('keeps a flat line at nought on the paper', () => {
    const flat = { ...plot, series: [{ label: '', color: '#000000', points: [{ x: 1, y: 0, reach: 0 }] }] };
    expect(svgPlot(flat)).not.toMatch(/NaN|Infinity/);
  });
});
