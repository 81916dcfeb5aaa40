import { layoutOf, type StatisticsFamily } from '@vitrine/bandit';
import { DomainError, SHARED_STATE, type BannerId, type Clock, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';
import { LedgerFold } from '../domain/ledger-fold';
import { foldTargetOf } from './fold-placement';
import type { FoldVersion, LedgerReader, PolicyCatalog, PolicyStateStore, SequencedBatch, StateBase } from './ledger.ports';
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

export interface RebuildRange {
  /** Last `foldSeq` to fold; all there are, unless given. */
  readonly upTo?: number;
  /** Begins from here; from nothing unless given, and where the base has another layout than this release's. */
  readonly base?: StateBase | null;
  /** Sees every batch on its way, those that the base contains too. */
  readonly inspect?: (batch: SequencedBatch) => void;
}

const BATCHES_PER_READ = 200;
const ATTEMPTS = 5;

/** Folds a placement's ledger again, in memory. */
export class LedgerRebuilder {
  constructor(private readonly deps: LedgerRebuilderDependencies) {}

  /** @throws DomainError UNKNOWN_POLICY */
  async rebuild(versionId: PolicyVersionId, range: RebuildRange = {}): Promise<RebuiltState> {
    const { ledger, policies } = this.deps;
    const version = await policies.findVersion(versionId);
    if (version === null) throw new DomainError('UNKNOWN_POLICY', undefined, { details: { versionId } });
    const upTo = range.upTo ?? (await ledger.last(version.placementId));
    const target = foldTargetOf(version);
    const base = usable(range.base ?? null, target.family);
    const fold = new LedgerFold(target, copyOf(base));
    let { cursor, entries } = base ?? { cursor: 0, entries: 0 };
    let skipped = 0;
    for await (const batch of this.batches(version.placementId, range.inspect === undefined ? cursor : 0, upTo)) {
      range.inspect?.(batch);
      if (batch.foldSeq <= cursor) continue;
      const count = fold.fold(batch.entries);
      entries += count.folded;
      skipped += count.skipped;
      cursor = batch.foldSeq;
    }
    const arms = new Map([...(base?.arms ?? []), ...fold.changed()]);
    return { version, cursor, entries, skipped, arms, family: target.family };
  }

  private async *batches(placementId: PlacementId, after: number, upTo: number): AsyncGenerator<SequencedBatch> {
    for (let at = after; at < upTo;) {
      const read = await this.deps.ledger.read(placementId, { after: at, upTo, limit: BATCHES_PER_READ });
      yield* read;
      const last = read[read.length - 1];
      if (last === undefined) return;
      at = last.foldSeq;
    }
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
      const step = {
        from: live.head,
        placementId: version.placementId,
        cursor,
        entries,
        skipped,
        layout,
        arms,
        anew: true as const,
        at: clock.now(),
      };
      if ((await states.advance(step)) === 'fenced') continue;
      announce({ kind: 'state', id: versionId, revision: live.head.revision + 1 });
      return rebuilt;
    }
    throw new DomainError('STALE_WRITE', 'the state kept changing while it was rebuilt', { details: { versionId } });
  }
}

function usable(base: StateBase | null, family: StatisticsFamily): StateBase | null {
  return base !== null && base.layout === layoutOf(family) ? base : null;
}

function copyOf(base: StateBase | null): Map<BannerId, Float64Array> {
  return new Map(Array.from(base?.arms ?? [], ([bannerId, statistics]) => [bannerId, statistics.slice()]));
}
