import { IngestEvents, type EventOutcome, type IngestDependencies, type IngestRequest } from '@vitrine/feedback';
import type { GatewayMetrics } from '../edge/gateway-metrics';

/** Counts what became of events, whichever door they came through. */
export class MeteredIngestEvents extends IngestEvents {
  constructor(
    dependencies: IngestDependencies,
    private readonly metrics: Pick<GatewayMetrics, 'observeEvents'>,
  ) {
    super(dependencies);
  }

  override async execute(request: IngestRequest): Promise<readonly EventOutcome[]> {
    const outcomes = await super.execute(request);
    this.metrics.observeEvents(outcomes);
    return outcomes;
  }
}
