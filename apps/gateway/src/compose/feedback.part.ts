import {
  BullMqFeedbackQueue,
  BullMqFoldRequester,
  createCleaning,
  createHeldEventSealer,
  heldFeedback,
  createTokenCodec,
  EraseEvidence,
  EventsResolver,
  IngestEvents,
  LedgerRebuilder,
  MongoLedgerEraser,
  MongoLedgerStore,
  MongoPolicyStateStore,
  MongoQuarantineStore,
  MongoUnitOfWork,
  QuarantineResolver,
  queuedFeedback,
  RedisDuplicateMemory,
  RedriveQuarantined,
  senderOf,
  type CleaningSettings,
  type FeedbackQueue,
  type PolicyCatalog,
  type PolicyStateReader,
  type PriorReader,
  type PolicyStateStore,
  type TokenCodec,
  type TokenKey,
} from '@vitrine/feedback';
import type { Clock } from '@vitrine/kernel';
import { newUuid, type ChangeMessage, type PersonalSealer } from '@vitrine/platform';
import type { PersonalData, VisitorHasher } from '@vitrine/profile';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { IngestEvents as IngestBeacon } from '../edge/beacon.routes';
import type { GatewayMetrics } from '../edge/gateway-metrics';
import { MeteredIngestEvents } from './metered-ingest-events';
import type { Part } from './part';

export interface FeedbackPartDeps {
  readonly connection: Connection;
  readonly cache: Redis;
  readonly producer: Redis;
  readonly announce: (message: ChangeMessage) => void;
  readonly clock: Clock;
  readonly metrics: GatewayMetrics;
  /** The current key first. */
  readonly tokenKeys: readonly TokenKey[];
  readonly tokenMaxAgeMs: number;
  readonly partitions: number;
  readonly policies: PolicyCatalog;
  readonly cleaning: CleaningSettings;
  readonly personal: PersonalSealer;
  /** Keyed: what stands for the ids of events in short memories. */
  readonly hashId: (id: string) => string;
}

export interface FeedbackPart extends Part {
  readonly tokens: TokenCodec;
  readonly states: PolicyStateReader & PriorReader & Pick<PolicyStateStore, 'heads' | 'findBase'>;
  readonly rebuilder: LedgerRebuilder;
  /** Where it holds data of people, in the order of an erasure. */
  readonly placesOf: (hashVisitor: VisitorHasher['hash']) => readonly PersonalData[];
  readonly ingestBeacon: IngestBeacon;
}

const DUPLICATE_MEMORY_S = 3_600;
/** A hash tag, so that one call's keys lie in one slot of a Redis Cluster. */
const DUPLICATE_PREFIX = '{vitrine-events}:';

/** The door for events, the codec of tokens, and what was learned, to read. */
export function composeFeedback(deps: FeedbackPartDeps): FeedbackPart {
  const { connection, clock, metrics, partitions, policies, announce } = deps;
  const tokens = createTokenCodec({ keys: deps.tokenKeys, maxAgeMs: deps.tokenMaxAgeMs });
  const queue = new BullMqFeedbackQueue({ redis: deps.producer, partitions });
  const memory = new RedisDuplicateMemory({
    redis: deps.cache,
    prefix: DUPLICATE_PREFIX,
    ttlSeconds: DUPLICATE_MEMORY_S,
    hash: deps.hashId,
  });
  const counted = countingFailures(queue, metrics);
  const cleaning = createCleaning(deps.cleaning);
  const taken = new IngestEvents({ queue: counted, memory, tokens, partitions, cleaning });
  const ingest = new MeteredIngestEvents(taken, metrics);
  const unitOfWork = new MongoUnitOfWork(connection);
  const states = new MongoPolicyStateStore({ connection, unitOfWork });
  const ledger = new MongoLedgerStore({ connection, unitOfWork, newId: () => newUuid(clock) });
  const folds = new BullMqFoldRequester({ redis: deps.producer });
  const evidence = new EraseEvidence({ unitOfWork, ledger: new MongoLedgerEraser(connection), states, policies, folds, announce, clock });
  const sealer = createHeldEventSealer(deps.tokenKeys);
  const quarantine = new MongoQuarantineStore({ connection, sealer });
  const redrive = new RedriveQuarantined({ quarantine, queue: counted, partitions });
  return {
    tokens,
    states,
    placesOf: (hashVisitor) => [
      queuedFeedback({ redis: deps.producer, partitions, hashVisitor, tokens }),
      ...heldFeedback({ connection, sealer, personal: deps.personal, evidence }),
    ],
    rebuilder: new LedgerRebuilder({ ledger, states, policies, announce, clock }),
    ingestBeacon: ({ principal, userAgent, internal, events, call }) =>
      ingest.execute({ events, call, receivedAt: clock.now(), ...senderOf({ principal, userAgent, internal }) }),
    resolvers: [
      [EventsResolver, new EventsResolver({ ingest, clock })],
      [QuarantineResolver, new QuarantineResolver({ quarantine, redrive })],
    ],
    closers: [
      { name: 'feedback queues', close: () => queue.close() },
      { name: 'fold queue', close: () => folds.close() },
    ],
  };
}

function countingFailures(queue: FeedbackQueue, metrics: GatewayMetrics): FeedbackQueue {
  return {
    async add(partition, chunk) {
      try {
        await queue.add(partition, chunk);
      } catch (error) {
        metrics.countQueueFailure('feedback');
        throw error;
      }
    },
  };
}
