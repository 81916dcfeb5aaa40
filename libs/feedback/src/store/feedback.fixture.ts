import { randomBytes } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import {
  bannerId,
  decisionId,
  placementId,
  policyVersionId,
  visitorHash,
  type PlacementId,
  type VisitorHash,
  type VisitorId,
} from '@vitrine/kernel';
import { createPersonalSealer, newUuid } from '@vitrine/platform';
import type { Purpose } from '@vitrine/profile';
import { fakeClock } from '@vitrine/testing';
import { EraseEvidence } from '../application/erase-evidence';
import { FindPlacementsWithWork } from '../application/find-placements-with-work';
import { FoldPlacement } from '../application/fold-placement';
import type { FoldVersion } from '../application/ledger.ports';
import { LedgerRebuilder } from '../application/ledger-rebuilder';
import { LedgerVerifier } from '../application/ledger-verifier';
import { ProcessFeedback } from '../application/process-feedback';
import type { FaultHooks, IdentityResolver } from '../application/processing.ports';
import type { EventIdentity } from '../domain/clean-event';
import { createCleaning, type CleaningSettings } from '../domain/cleaning/clean';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import { quantise } from '../domain/quantisation';
import type { TrialRules } from '../domain/trial';
import type { ChangeNotice, EventType, IncomingEvent, SealedDecision } from '../domain/types';
import { createHeldEventSealer } from '../sealing/aes-gcm-held-event.sealer';
import { createTokenCodec } from '../sealing/aes-gcm-token.codec';
import { MongoCleaningCounts } from './mongo-cleaning-counts';
import { MongoEventStore } from './mongo-event.store';
import { MongoLedgerEraser } from './mongo-ledger.eraser';
import { MongoLedgerStore } from './mongo-ledger.store';
import { MongoPolicyStateStore } from './mongo-policy-state.store';
import { MongoQuarantineStore } from './mongo-quarantine.store';
import { MongoTrialStore } from './mongo-trial.store';
import { MongoUnitOfWork } from './mongo-unit-of-work';
import { RollupParticipant } from './rollup.participant';

/** Test support: the real parts put together as the worker does, around a catalogue and people that a spec declares. */
export const NOW = Date.UTC(2026, 0, 5, 12);
export const HOME = placementId('home');
export const SCHEMA = 77;
export const DIMENSION = 3;
const KEYS = [{ id: 1, key: new Uint8Array(32).fill(9) }];
export const tokens = createTokenCodec({ keys: KEYS, maxAgeMs: 7 * 86_400_000 });
export const sealer = createHeldEventSealer(KEYS);
export const personal = createPersonalSealer(KEYS);

export const countsVersion = aVersion(1, { policy: { name: 'beta-thompson', params: {}, floor: 0 }, dimension: 0, featureSchema: 0 });
export const linearVersion = aVersion(2, { policy: { name: 'linear-thompson', params: {}, floor: 0 } });

export const RULES: TrialRules = {
  activation: 'IMPRESSION',
  reward: { weights: { CLICK: 1, PURCHASE: 5 }, valueWeight: 0, aggregation: 'SUM', defaultReward: 0, min: 0, max: 10 },
  attributionWindowMs: 86_400_000,
};

export function aVersion(number: number, over: Partial<FoldVersion> = {}): FoldVersion {
  const policy = { name: 'linear-thompson', params: {}, floor: 0 };
  return { id: policyVersionId(HOME, number), placementId: HOME, policy, dimension: DIMENSION, featureSchema: SCHEMA, ...over };
}

/** Stands in for the keyed hash of the deployment. */
export const hashVisitor = (id: VisitorId | string): VisitorHash =>
  visitorHash(Buffer.from(id.padEnd(16, '.').slice(0, 16)).toString('hex'));

export function aDecision(visitor: string, over: Partial<SealedDecision> = {}): SealedDecision {
  return {
    decisionId: decisionId(newUuid()),
    placementId: HOME,
    slot: 0,
    bannerId: bannerId('b1'),
    layer: 'EXPLOIT',
    propensity: 0.25,
    policyVersionId: linearVersion.id,
    stateRevision: 0,
    catalogRevision: 1,
    visitorHash: hashVisitor(visitor),
    decidedAt: NOW - 60_000,
    context: quantise(Float64Array.of(1, 0.5, -0.25)),
    ...over,
  };
}

let serial = 0;
export function anEvent(
  type: EventType,
  visitorId: VisitorId | null,
  decision: SealedDecision | null,
  over: Partial<IncomingEvent> = {},
): IncomingEvent {
  const nothing = { productId: null, category: null, value: null, dwellMs: null, url: 'https://shop.example/secret', properties: null };
  const token = decision === null ? null : tokens.seal(decision);
  return { eventId: `event-${serial++}`, type, occurredAt: NOW - 1_000, visitorId, token, ...nothing, ...over };
}

export function aChunk(events: readonly IncomingEvent[], over: Partial<FeedbackChunk> = {}): FeedbackChunk {
  return { partition: 0, receivedAt: NOW, userAgent: null, signedIn: false, events, refused: [], ...over };
}

export interface WorkerOptions {
  readonly hooks?: FaultHooks;
  readonly people?: ReadonlyMap<VisitorId, EventIdentity>;
  readonly versions?: readonly FoldVersion[];
  readonly batchesPerStep?: number;
  readonly rules?: TrialRules;
  /** Who was erased, and up to when. */
  readonly buried?: ReadonlyMap<VisitorHash, number>;
  readonly cleaning?: Partial<CleaningSettings>;
}

export const CLEANING: CleaningSettings = {
  disabled: [],
  currency: 'EUR',
  rates: new Map([['USD', 0.5]]),
  maxValueMinor: 10_000_000,
  maxDwellMs: 30 * 60_000,
};

const GRANTED: ReadonlySet<Purpose> = new Set<Purpose>(['ANALYTICS', 'PERSONALIZATION', 'TRAINING']);

export function aWorker(connection: Connection, options: WorkerOptions = {}) {
  const hooks = options.hooks ?? {};
  const versions = options.versions ?? [countsVersion, linearVersion];
  const unitOfWork = new MongoUnitOfWork(connection);
  const ledger = new MongoLedgerStore({ connection, unitOfWork, newId: newUuid });
  const states = new MongoPolicyStateStore({ connection, unitOfWork, hooks });
  const notices: ChangeNotice[] = [];
  const requested: PlacementId[] = [];
  const announce = (notice: ChangeNotice): void => void notices.push(notice);
  const clock = fakeClock(NOW);
  const identities: IdentityResolver<ClientSession> = { resolve: async () => options.people ?? new Map() };
  const policies = {
    versionsToFold: async () => versions,
    findVersion: async (id: string) => versions.find((version) => version.id === id) ?? null,
  };
  const folds = { request: async (ids: readonly PlacementId[]) => void requested.push(...ids) };
  const process = new ProcessFeedback<ClientSession>({
    unitOfWork,
    events: new MongoEventStore({ connection, sealer: personal }),
    quarantine: new MongoQuarantineStore({ connection, sealer }),
    counts: new MongoCleaningCounts(connection),
    cleaning: createCleaning({ ...CLEANING, ...options.cleaning }),
    trials: new MongoTrialStore(connection),
    tombstones: { find: async () => options.buried ?? new Map() },
    ledger,
    identities,
    catalog: { placement: async (id) => (id === HOME ? (options.rules ?? RULES) : null), featureSchema: async () => SCHEMA },
    participants: [new RollupParticipant(connection)],
    tokens,
    hashVisitor,
    grantedPurposes: (consent) => (consent.ANALYTICS?.status === 'GRANTED' ? GRANTED : new Set()),
    deviceOf: () => 'OTHER',
    folds,
    announce,
    clock,
    hooks,
  });
  const batchesPerStep = options.batchesPerStep ?? 100;
  const rebuilder = new LedgerRebuilder({ ledger, states, policies, announce, clock });
  const fold = new FoldPlacement({ sequencer: ledger, ledger, states, policies, announce, clock, rebuilder, batchesPerStep });
  const verifier = new LedgerVerifier({ rebuilder, ledger, states });
  const findWork = new FindPlacementsWithWork({ ledger, states, policies });
  const erase = new EraseEvidence({ unitOfWork, ledger: new MongoLedgerEraser(connection), states, policies, folds, announce, clock });
  return { process, fold, erase, policies, rebuilder, verifier, findWork, ledger, states, unitOfWork, notices, requested };
}

/** A database's collections as plain rows. */
export const rowsOf = (connection: Connection, collection: string) => connection.collection(collection).find({}).toArray();

export const randomVisitor = (): string => `visitor-${randomBytes(4).toString('hex')}`;
