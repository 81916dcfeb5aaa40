import type { CompiledCatalog } from '@vitrine/catalog';
import {
  AskPersona,
  BannersResolver,
  BatchedDecisionLog,
  createDecisionKeys,
  DecidePage,
  DecisionResolver,
  MongoDecisionRepository,
  offersFromCatalog,
  PersonaResolver,
  policyFaultLog,
  PolicyStateFeed,
  PolicyStates,
  RedisFirstAnswerStore,
  ReplayDecision,
  StoredIdentities,
  type DecisionLog,
  type PastStates,
  type PolicyVersions,
  type SegmentMemory,
  type SegmentSource,
  type StoredBanners,
} from '@vitrine/delivery';
import type { PolicyStateReader, PriorReader, TokenCodec } from '@vitrine/feedback';
import type { Clock } from '@vitrine/kernel';
import { type PATIENT_JOB_OPTIONS, QUEUE_PREFIX, QUEUES, type ChangeListener, type Logger } from '@vitrine/platform';
import type { ConsentDefault, ProfileReader, VisitorHasher } from '@vitrine/profile';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { GatewayMetrics } from '../edge/gateway-metrics';
import type { Part } from './part';

export interface PolicyStatesPartDeps {
  readonly reader: PolicyStateReader & PriorReader;
  readonly changes: ChangeListener;
  readonly logger: Logger;
}

export interface PolicyStatesPart extends Part {
  readonly states: PolicyStates;
  readonly start: () => void;
}

/** What was learned, in memory; built before the catalogue, which tells it the versions to hold. */
export function composePolicyStates({ reader, changes, logger }: PolicyStatesPartDeps): PolicyStatesPart {
  const states = new PolicyStates(reader, policyFaultLog(logger));
  const feed = new PolicyStateFeed(states);
  return {
    states,
    start: () => feed.start(changes),
    resolvers: [],
    closers: [{ name: 'policy state feed', close: async () => feed.stop() }],
  };
}

export interface DeliveryPartDeps {
  readonly connection: Connection;
  readonly cache: Redis;
  readonly producer: Redis;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
  readonly catalog: () => CompiledCatalog | null;
  readonly policies: PolicyStates;
  readonly tokens: TokenCodec;
  readonly profiles: ProfileReader;
  readonly hasher: VisitorHasher;
  readonly segments: SegmentSource;
  readonly memory: SegmentMemory;
  readonly pastStates: PastStates;
  readonly policyVersions: PolicyVersions;
  readonly storedBanners: StoredBanners;
  readonly consentDefault: ConsentDefault;
  /** 32 bytes, the same in every gateway. */
  readonly seedKey: Uint8Array;
  readonly retentionDays: number;
}

const FIRST_ANSWER_PREFIX = 'vitrine:';

/** Decisions, their log and their replay. */
export function composeDelivery(deps: DeliveryPartDeps): Part {
  const { connection, producer, clock, logger, metrics } = deps;
  const queue = new Queue(QUEUES.decisionLog, { connection: producer, prefix: QUEUE_PREFIX });
  queue.on('error', () => undefined); // the log keeps what the queue does not take, and says so
  const log = new BatchedDecisionLog({ queue: countingFailures(queue, metrics), logger });
  const desk = {
    offers: offersFromCatalog(deps.catalog),
    policies: deps.policies,
    keys: createDecisionKeys(deps.seedKey, clock),
    clock,
    hasher: deps.hasher,
    segments: deps.segments,
  };
  const decide = new DecidePage({
    ...desk,
    tokens: deps.tokens,
    firstAnswers: new RedisFirstAnswerStore({ redis: deps.cache, logger, keyPrefix: FIRST_ANSWER_PREFIX }),
    log: metered(log, metrics),
    profiles: deps.profiles,
    memory: deps.memory,
    consentDefault: deps.consentDefault,
  });
  const decisions = new MongoDecisionRepository(connection, deps.retentionDays);
  const replay = new ReplayDecision({
    decisions,
    pastStates: deps.pastStates,
    policyVersions: deps.policyVersions,
    identities: new StoredIdentities(deps.storedBanners),
  });
  return {
    resolvers: [
      [BannersResolver, new BannersResolver(decide)],
      [DecisionResolver, new DecisionResolver(replay)],
      [PersonaResolver, new PersonaResolver({ ask: new AskPersona(desk), clock })],
    ],
    closers: [
      { name: 'decision log', close: () => log.close() },
      { name: 'decision queue', close: () => queue.close() },
    ],
  };
}

function metered(log: DecisionLog, metrics: GatewayMetrics): DecisionLog {
  return {
    append(records) {
      for (const record of records) metrics.observeDecision(record);
      log.append(records);
    },
  };
}

function countingFailures(queue: Queue, metrics: GatewayMetrics): ConstructorParameters<typeof BatchedDecisionLog>[0]['queue'] {
  return {
    async add(name, data, options: typeof PATIENT_JOB_OPTIONS) {
      try {
        return await queue.add(name, data, options);
      } catch (error) {
        metrics.countQueueFailure(QUEUES.decisionLog);
        throw error;
      }
    },
  };
}
