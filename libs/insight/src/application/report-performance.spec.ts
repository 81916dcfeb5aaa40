import { placementId } from '@vitrine/kernel';
import type { PerformanceQuery } from '../domain/performance';
import { ReportPerformance } from './report-performance';

const query: PerformanceQuery = { placementId: placementId('home-hero'), from: 0, to: 3_600_000, groupBy: 'BANNER', bucket: null };
const report = new ReportPerformance({
  rollups: { sum: () => Promise.resolve([]) },
  segments: { sizes: () => Promise.resolve(new Map()) },
});

describe('ReportPerformance', () => {
  it('answers a quiet range with an empty report', async () => {
    await expect(report.execute(query)).resolves.toMatchObject({ ...query, rows: [], suppressedGroups: 0, total: { ctr: null } });
  });

  it.each([
    ['an empty range', { to: 0 }, 'BAD_USER_INPUT'],
    ['a reversed range', { from: 7_200_000 }, 'BAD_USER_INPUT'],
    ['a range that is no number', { to: Number.NaN }, 'BAD_USER_INPUT'],
    ['more than 400 days', { to: 401 * 86_400_000 }, 'OPERATION_LIMIT'],
    ['too many buckets', { to: 1_501 * 60_000, bucket: 'MINUTE' as const }, 'OPERATION_LIMIT'],
  ])('refuses %s', async (_, change, code) => {
    await expect(report.execute({ ...query, ...change })).rejects.toMatchObject({ code });
  });
});
