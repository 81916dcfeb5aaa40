import { MongoCatalogReader } from '@vitrine/catalog';
import { identitiesOf, LedgerPastStates, MongoFoldLog, heldDecisions, queuedDecisions, RememberedSegments } from '@vitrine/delivery';
import { cleaningSettingsOf, MAX_LATENESS_MS } from '@vitrine/feedback';
import { systemClock } from '@vitrine/kernel';
import {
  ChangeListener,
  createAnnouncer,
  createPersonalSealer,
  deriveKey,
  keyedHashHex,
  type Config,
  type Logger,
} from '@vitrine/platform';
import { trainedModels } from '@vitrine/segment';
import type { Connection } from 'mongoose';
import type { IngestEvents } from '../edge/beacon.routes';
import type { GatewayMetrics } from '../edge/gateway-metrics';
import { composeCatalog } from './catalog.part';
import { composeDelivery, composePolicyStates } from './delivery.part';
import { composeFeedback, type FeedbackPart } from './feedback.part';
import type { Infrastructure } from './infrastructure';
import { composeInsight } from './insight.part';
import type { Part } from './part';
import { createPolicyVersions } from './policy-versions';
import { composeProfile } from './profile.part';
import { createSegmentSizes } from './segment-sizes';
import { composeSegment } from './segment.part';
import { composeTimeline } from './timeline.part';

export interface Libraries {
  readonly parts: readonly Part[];
  readonly ingestBeacon: IngestEvents;
  readonly isCatalogLoaded: () => boolean;
  /** Reads catalogue, states and segment model for the first time, successfully or not, and goes on following them. */
  readonly start: () => Promise<void>;
}

export interface LibrariesDeps {
  readonly infrastructure: Infrastructure;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
}

const HOUR_MS = 3_600_000;

/** One factory call per library. Order: stored versions, what was learned about them, the catalogue that says which of them are live. */
export function composeLibraries(config: Config, { infrastructure, metrics, logger }: LibrariesDeps): Libraries {
  const { mongo: connection, cache, producer, subscriber } = infrastructure;
  const changes = new ChangeListener(subscriber, logger);
  const shared = { connection, cache, producer, changes, announce: createAnnouncer(cache), clock: systemClock, logger, metrics } as const;
  const reader = new MongoCatalogReader(connection);
  const versions = createPolicyVersions(reader);
  const feedback = composeFeedback({ ...shared, ...feedbackSettings(config), policies: versions });
  const learned = composePolicyStates({ ...shared, reader: feedback.states });
  let statesRead: Promise<void> = Promise.resolve();
  const onCompiled: Parameters<typeof composeCatalog>[0]['onCompiled'] = (compiled) => {
    statesRead = learned.states.follow(compiled.catalog.livePolicies, identitiesOf(compiled));
  };
  const catalog = composeCatalog({ ...shared, reader, learning: feedback.states, onCompiled });
  const models = trainedModels({ connection, consentDefault: config.CONSENT_DEFAULT });
  const memory = new RememberedSegments(systemClock, config.SEGMENT_MEMORY_ENTRIES);
  const profile = composeProfile({
    ...shared,
    ...profileSettings(config),
    watcher: memory,
    places: ({ hash }) => [...feedback.placesOf(hash), queuedDecisions(producer), heldDecisions(connection), models],
  });
  const segment = composeSegment({ ...shared, config });
  const delivery = composeDelivery({
    ...shared,
    ...deliverySettings(config),
    catalog: catalog.current,
    policies: learned.states,
    tokens: feedback.tokens,
    profiles: profile.profiles,
    hasher: profile.hasher,
    segments: segment.segments,
    memory,
    pastStates: pastStatesOf(connection, feedback),
    policyVersions: versions,
    storedBanners: reader,
  });
  const insight = composeInsight({ connection, segments: createSegmentSizes(connection) });
  const timeline = composeTimeline({ connection, identities: profile.identities });
  return {
    parts: [delivery, feedback, profile, timeline, segment, insight, learned, catalog],
    ingestBeacon: feedback.ingestBeacon,
    isCatalogLoaded: catalog.isLoaded,
    start: async () => {
      changes.start();
      await Promise.all([catalog.start(), segment.start()]);
      await statesRead;
      learned.start();
    },
  };
}

function pastStatesOf(connection: Connection, { rebuilder, states }: FeedbackPart): LedgerPastStates {
  return new LedgerPastStates({ foldLog: new MongoFoldLog(connection), rebuilder, states, priors: states });
}

function feedbackSettings(config: Config) {
  const remembered = deriveKey(config.VISITOR_HASH_KEY, 'duplicate memory');
  return {
    tokenKeys: config.TOKEN_MASTER_KEYS,
    tokenMaxAgeMs: config.TOKEN_MAX_AGE_HOURS * HOUR_MS,
    partitions: config.FEEDBACK_PARTITIONS,
    personal: createPersonalSealer(config.PERSONAL_DATA_KEYS),
    hashId: (id: string) => keyedHashHex(remembered, id),
    cleaning: cleaningSettingsOf(config),
  };
}

function profileSettings(config: Config) {
  return {
    visitorHashKey: config.VISITOR_HASH_KEY,
    personal: createPersonalSealer(config.PERSONAL_DATA_KEYS),
    consentDefault: config.CONSENT_DEFAULT,
    deadlineMs: config.PROFILE_DEADLINE_MS,
    maxProfiles: config.PROFILE_CACHE_SIZE,
    // As long as anything of before may still be taken: a token, or an event that was sent late.
    tombstoneMs: Math.max(config.TOKEN_MAX_AGE_HOURS * HOUR_MS, MAX_LATENESS_MS),
  };
}

function deliverySettings(config: Config) {
  return {
    consentDefault: config.CONSENT_DEFAULT,
    seedKey: config.DECISION_SEED_KEY,
    retentionDays: config.DECISION_RETENTION_DAYS,
  };
}
