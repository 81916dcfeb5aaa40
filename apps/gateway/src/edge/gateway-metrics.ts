import { Counter, Gauge, Histogram, type Registry } from '@vitrine/platform';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What happened to one decision, in words of few values: every label is bounded by a schema of ours, never by a caller. */
export interface DecisionObservation {
  readonly placementId: string;
  readonly layer: string;
  readonly ladderStep: string;
  readonly degraded: boolean;
}

export interface EventObservation {
  readonly status: string;
  readonly code: string | null;
}

export interface GatewayMetrics {
  /** Text for Prometheus, and its content type. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
  observeOperation(field: string, outcome: 'ok' | 'error', seconds: number): void;
  observeDecision(decision: DecisionObservation): void;
  observeEvents(events: readonly EventObservation[]): void;
  countQueueFailure(queue: string): void;
  countRefusal(code: string): void;
  setReady(ready: boolean): void;
  setSockets(open: number): void;
}

export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const operations = new Histogram({
    name: 'vitrine_graphql_operation_seconds',
    help: 'Time from a parsed request to its answer, by first root field',
    labelNames: ['field', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const decisions = new Counter({
    name: 'vitrine_decisions_total',
    help: 'Decisions by placement, layer and step of the degradation ladder',
    labelNames: ['placement', 'layer', 'ladder', 'degraded'],
    registers,
  });
  const events = new Counter({
    name: 'vitrine_events_total',
    help: 'Events by status and code',
    labelNames: ['status', 'code'],
    registers,
  });
  const queueFailures = new Counter({
    name: 'vitrine_queue_failures_total',
    help: 'Jobs that a queue did not take',
    labelNames: ['queue'],
    registers,
  });
  const refusals = new Counter({
    name: 'vitrine_http_refusals_total',
    help: 'Requests refused before they ran, by code',
    labelNames: ['code'],
    registers,
  });
  const ready = new Gauge({ name: 'vitrine_ready', help: '1 while this process takes requests', registers });
  const sockets = new Gauge({ name: 'vitrine_subscription_sockets', help: 'Open sockets of subscriptions', registers });
  return {
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    observeOperation: (field, outcome, seconds) => operations.labels(field, outcome).observe(seconds),
    observeDecision: ({ placementId, layer, ladderStep, degraded }) =>
      decisions.labels(placementId, layer, ladderStep, String(degraded)).inc(),
    observeEvents: (outcomes) => {
      for (const { status, code } of outcomes) events.labels(status, code ?? '').inc();
    },
    countQueueFailure: (queue) => queueFailures.labels(queue).inc(),
    countRefusal: (code) => refusals.labels(code).inc(),
    setReady: (isReady) => ready.set(isReady ? 1 : 0),
    setSockets: (open) => sockets.set(open),
  };
}
