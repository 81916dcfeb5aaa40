import { heldDecisions, queuedDecisions } from '@vitrine/delivery';
import {
  EraseEvidence,
  heldFeedback,
  MongoLedgerEraser,
  queuedFeedback,
  type EraseEvidenceDependencies,
  type HeldFeedbackDeps,
  type TokenCodec,
} from '@vitrine/feedback';
import { systemClock } from '@vitrine/kernel';
import type { Config } from '@vitrine/platform';
import { heldLearnedEvents, SweepErasures, type MongoTombstones, type VisitorHasher } from '@vitrine/profile';
import type { ClientSession } from 'mongoose';
import type { Infrastructure } from './infrastructure';

export interface ErasuresDeps {
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly hasher: VisitorHasher;
  readonly tombstones: MongoTombstones;
  readonly sealer: HeldFeedbackDeps['sealer'];
  readonly personal: HeldFeedbackDeps['personal'];
  readonly tokens: TokenCodec;
  readonly failed: (error: unknown) => void;
  readonly evidence: Omit<EraseEvidenceDependencies<ClientSession>, 'ledger' | 'clock'>;
}

/** What looks after erasures: the same places as the gateway empties, in the same order. */
export function composeErasures({
  config,
  infrastructure,
  hasher,
  tombstones,
  sealer,
  personal,
  tokens,
  ...deps
}: ErasuresDeps): SweepErasures {
  const { mongo: connection, producer: redis } = infrastructure;
  const clock = systemClock;
  const evidence = new EraseEvidence({ ...deps.evidence, ledger: new MongoLedgerEraser(connection), clock });
  const places = [
    queuedFeedback({ redis, partitions: config.FEEDBACK_PARTITIONS, hashVisitor: (id) => hasher.hash(id), tokens }),
    queuedDecisions(redis),
    ...heldFeedback({ connection, sealer, personal, evidence }),
    heldDecisions(connection),
    heldLearnedEvents(connection),
  ];
  return new SweepErasures({ tombstones, places, clock, failed: deps.failed });
}
