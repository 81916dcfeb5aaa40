import type { EventOutcome, IngestEvents, IngestRequest } from '@vitrine/feedback';
import type { GatewayMetrics } from '../edge/gateway-metrics';

/** Counts what became of events, whichever door they came through. */
export class MeteredIngestEvents implements Pick<IngestEvents, 'execute'> {
  constructor(
    private readonly ingest: Pick<IngestEvents, 'execute'>,
    private readonly metrics: Pick<GatewayMetrics, 'observeEvents'>,
  ) {}

  async execute(request: IngestRequest): Promise<readonly EventOutcome[]> {
    const outcomes = await this.ingest.execute(request);
    this.metrics.observeEvents(outcomes);
    return outcomes;
  }
}
