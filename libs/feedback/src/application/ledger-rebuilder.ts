import { layoutOf, type StatisticsFamily } from '@vitrine/bandit';
import { DomainError, SHARED_STATE, type BannerId, type Clock, type PolicyVersionId } from '@vitrine/kernel';
import { LedgerFold } from '../domain/ledger-fold';
import { foldTargetOf } from './fold-placement';
import type { FoldVersion, LedgerReader, PolicyCatalog, PolicyStateStore, SequencedBatch } from './ledger.ports';
import type { Announcer } from './processing.ports';

export interface LedgerRebuilderDependencies {
  readonly ledger: LedgerReader;
  readonly states: PolicyStateStore;
  readonly policies: PolicyCatalog;
  readonly announce: Announcer;
  readonly clock: Clock;
}

export interface RebuiltState {
  readonly version: FoldVersion;
  /** Highest `foldSeq` folded. */
  readonly cursor: number;
  readonly entries: number;
  readonly skipped: number;
  readonly arms: ReadonlyMap<BannerId, Float64Array>;
  readonly family: StatisticsFamily;
}

const BATCHES_PER_READ = 200;
const ATTEMPTS = 5;

/** Folds a placement's whole ledger again, in memory. */
export class LedgerRebuilder {
  constructor(private readonly deps: LedgerRebuilderDependencies) {}

  /**
   * @param upToCursor last `foldSeq` to fold; all there are, unless given
   * @param inspect sees every batch on its way
   * @throws DomainError UNKNOWN_POLICY
   */
  async rebuild(versionId: PolicyVersionId, upToCursor?: number, inspect?: (batch: SequencedBatch) => void): Promise<RebuiltState> {
    const { ledger, policies } = this.deps;
    const version = await policies.findVersion(versionId);
    if (version === null) throw new DomainError('UNKNOWN_POLICY', undefined, { details: { versionId } });
    const upTo = upToCursor ?? (await ledger.last(version.placementId));
    const target = foldTargetOf(version);
    const fold = new LedgerFold(target, new Map());
    let [cursor, entries, skipped] = [0, 0, 0];
    while (cursor < upTo) {
      const batches = await ledger.read(version.placementId, { after: cursor, upTo, limit: BATCHES_PER_READ });
      for (const batch of batches) {
        inspect?.(batch);
        const count = fold.fold(batch.entries);
        entries += count.folded;
        skipped += count.skipped;
        cursor = batch.foldSeq;
      }
      if (batches.length === 0) break;
    }
    return { version, cursor, entries, skipped, arms: fold.changed(), family: target.family };
  }

  /**
   * Puts the rebuilt state in the place of the live one, as a new revision. A banner that the ledger does not know keeps a row of zeros,
   * so that readers of changes learn of it.
   *
   * @throws DomainError STALE_WRITE when folds kept coming first
   */
  async replaceLiveState(versionId: PolicyVersionId): Promise<RebuiltState> {
    const { states, announce, clock } = this.deps;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const live = await states.snapshot(versionId);
      const rebuilt = await this.rebuild(versionId);
      const arms = new Map(rebuilt.arms);
      for (const bannerId of live.arms.keys()) {
        if (!arms.has(bannerId) && bannerId !== SHARED_STATE) arms.set(bannerId, new Float64Array(rebuilt.family.length));
      }
      const { cursor, entries, skipped, version, family } = rebuilt;
      const layout = layoutOf(family);
      const step = { from: live.head, placementId: version.placementId, cursor, entries, skipped, layout, arms, at: clock.now() };
      if ((await states.advance(step)) === 'fenced') continue;
      announce({ kind: 'state', id: versionId, revision: live.head.revision + 1 });
      return rebuilt;
    }
    throw new DomainError('STALE_WRITE', 'the state kept changing while it was rebuilt', { details: { versionId } });
  }
}
