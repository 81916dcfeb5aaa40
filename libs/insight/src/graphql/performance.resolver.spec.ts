import { graphql, type ExecutionResult } from 'graphql';
import { buildSchema } from 'type-graphql';
import { ReportPerformance } from '../application/report-performance';
import { COUNTER_NAMES, type PerformanceQuery } from '../domain/performance';
import { PerformanceResolver } from './performance.resolver';

const asked: PerformanceQuery[] = [];

async function execute(source: string, scopes: readonly string[] = ['insight:read']): Promise<ExecutionResult> {
  const counters = { ...NOTHING, trials: 200, clickedTrials: 20, revenueMinor: 3e10 };
  const report = new ReportPerformance({
    rollups: { sum: (query) => Promise.resolve(asked.push(query) > 0 ? [{ group: 'b1', bucketStart: 3_600_000, counters }] : []) },
    segments: { sizes: () => Promise.resolve(new Map()) },
  });
  const schema = await buildSchema({
    resolvers: [PerformanceResolver],
    container: { get: () => new PerformanceResolver(report) },
    authChecker: (_, roles) => roles.some((role) => scopes.includes(String(role))),
    validate: { forbidUnknownValues: true },
  });
  return graphql({ schema, source, contextValue: {} });
}

const NOTHING = {
  ...{ trials: 0, activations: 0, impressions: 0, viewableImpressions: 0, clicks: 0, purchases: 0, refunds: 0, dismissals: 0 },
  ...{ pageLeaves: 0, bounces: 0, revenueMinor: 0, clickedTrials: 0, convertedTrials: 0 },
};
const INPUT = 'placementId: "home-hero", from: "1970-01-01T00:00:00Z", to: "1970-01-02T00:00:00Z", groupBy: BANNER';

describe('PerformanceResolver', () => {
  it('reports rates with intervals, empty ones as null, and money beyond 32 bits', async () => {
    const { data, errors } = await execute(
      `{ performance(input: { ${INPUT}, bucket: HOUR }) { placementId from to groupBy bucket suppressedGroups
        rows { group bucketStart lowData metrics { counters { trials revenueMinor } ctr { value lower upper } bounceRate { value } revenuePerTrialMinor } }
        total { counters { ${COUNTER_NAMES.join(' ')} } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toMatchObject({
      performance: {
        ...{ placementId: 'home-hero', from: '1970-01-01T00:00:00.000Z', groupBy: 'BANNER', bucket: 'HOUR', suppressedGroups: 0 },
        rows: [
          {
            group: 'b1',
            bucketStart: '1970-01-01T01:00:00.000Z',
            lowData: false,
            metrics: { ctr: { value: 0.1 }, bounceRate: null, revenuePerTrialMinor: 1.5e8 },
          },
        ],
        total: { counters: { trials: 200, revenueMinor: 3e10 } },
      },
    });
    expect(asked.at(-1)).toEqual({ placementId: 'home-hero', from: 0, to: 86_400_000, groupBy: 'BANNER', bucket: 'HOUR' });
  });

  it('refuses a malformed placement and a reversed range', async () => {
    expect((await execute(`{ performance(input: { ${INPUT.replace('home-hero', '$where')} }) { groupBy } }`)).errors).toHaveLength(1);
    const reversed = await execute(`{ performance(input: { ${INPUT.replace('1970-01-02', '1969-01-02')} }) { groupBy } }`);
    expect(reversed.errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('refuses a caller without insight:read', async () => {
    expect((await execute(`{ performance(input: { ${INPUT} }) { groupBy } }`, ['decide'])).errors).toHaveLength(1);
  });
});
