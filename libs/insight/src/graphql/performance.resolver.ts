import { placementId } from '@vitrine/kernel';
import { Arg, Authorized, Query, Resolver } from 'type-graphql';
import type { ReportPerformance } from '../application/report-performance';
import { PerformanceInput } from './performance.input';
import { PerformanceReportType } from './performance.types';

@Resolver()
export class PerformanceResolver {
  constructor(private readonly report: ReportPerformance) {}

  @Authorized('insight:read')
  @Query(() => PerformanceReportType, { description: 'What became of the decisions of one placement.' })
  async performance(@Arg('input', () => PerformanceInput) input: PerformanceInput): Promise<PerformanceReportType> {
    const query = {
      placementId: placementId(input.placementId),
      from: input.from.getTime(),
      to: input.to.getTime(),
      groupBy: input.groupBy,
      bucket: input.bucket ?? null,
    };
    return new PerformanceReportType(await this.report.execute(query));
  }
}
