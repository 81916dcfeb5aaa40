import { placementId } from '@vitrine/kernel';
import { buildReport, COUNTER_NAMES, type GroupCounters, type PerformanceCounters, type PerformanceGrouping } from './performance';

const counters = (given: Partial<PerformanceCounters>): PerformanceCounters => ({
  ...{ trials: 0, activations: 0, impressions: 0, viewableImpressions: 0, clicks: 0, purchases: 0, refunds: 0, dismissals: 0 },
  ...{ pageLeaves: 0, bounces: 0, revenueMinor: 0, clickedTrials: 0, convertedTrials: 0 },
  ...given,
});
const group = (name: string | null, given: Partial<PerformanceCounters>, bucketStart: number | null = null): GroupCounters => ({
  group: name,
  bucketStart,
  counters: counters(given),
});
const query = (groupBy: PerformanceGrouping) => ({ placementId: placementId('home-hero'), from: 0, to: 60_000, groupBy, bucket: null });

describe('buildReport', () => {
  it('gives rates their own denominators', () => {
    const given = { trials: 200, clickedTrials: 20, convertedTrials: 5, clicks: 40, bounces: 10, revenueMinor: 50_000 };
    const [row] = buildReport(query('BANNER'), [group('b1', given)], new Map()).rows;
    expect(row?.ctr?.value).toBe(0.1);
    expect(row?.cvr?.value).toBe(0.025);
    expect(row?.bounceRate?.value).toBe(0.25);
    expect(row?.revenuePerTrialMinor).toBe(250);
    expect(row?.lowData).toBe(false);
  });

  it('has no rate without a denominator, nor where the part exceeds the whole', () => {
    const [row] = buildReport(query('BANNER'), [group('b1', { bounces: 3, clicks: 2 })], new Map()).rows;
    expect(row).toMatchObject({ ctr: null, cvr: null, bounceRate: null, revenuePerTrialMinor: null, lowData: true });
  });

  it('shows small banners, marked as low in data', () => {
    const { rows, suppressedGroups } = buildReport(query('BANNER'), [group('b1', { trials: 99 }), group('b2', { trials: 100 })], new Map());
    expect(rows.map((row) => [row.group, row.lowData])).toEqual([
      ['b2', false],
      ['b1', true],
    ]);
    expect(suppressedGroups).toBe(0);
  });

  it('suppresses segments of fewer than ten profiles, in rows and total alike', () => {
    const groups = [
      group('seg-0', { trials: 500 }),
      group('seg-1', { trials: 7 }, 0),
      group('seg-1', { trials: 8 }, 60_000),
      group('seg-9', { trials: 1 }),
      group(null, { trials: 30 }),
    ];
    const report = buildReport(
      query('SEGMENT'),
      groups,
      new Map([
        ['seg-0', 10],
        ['seg-1', 9],
      ]),
    );
    expect(report.rows.map((row) => row.group)).toEqual(['seg-0', null]);
    expect(report.total.counters.trials).toBe(530);
    expect(report.suppressedGroups).toBe(2);
  });

  it('orders by bucket, then most trials, and totals every counter', () => {
    const all = Object.fromEntries(COUNTER_NAMES.map((name, at) => [name, at + 1]));
    const report = buildReport(
      query('DEVICE'),
      [group('A', all, 60_000), group('B', { trials: 3 }, 0), group('C', { trials: 4 }, 0)],
      new Map(),
    );
    expect(report.rows.map((row) => row.group)).toEqual(['C', 'B', 'A']);
    expect(report.total.counters).toEqual({ ...counters(all), trials: 8 });
  });
});
