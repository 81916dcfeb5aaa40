import { createPolicy, layoutOf } from '@vitrine/bandit';
import { DomainError, type BannerId, type Clock, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';
import { LedgerFold, takesEntry, type FoldTarget } from '../domain/ledger-fold';
import type { LedgerEntry } from '../domain/types';
import type { LedgerRebuilder } from './ledger-rebuilder';
import type { FoldVersion, LedgerReader, LedgerSequencer, PolicyCatalog, PolicyStateStore } from './ledger.ports';
import type { Announcer } from './processing.ports';

export interface FoldPlacementDependencies {
  readonly sequencer: LedgerSequencer;
  readonly ledger: LedgerReader;
  readonly states: PolicyStateStore;
  readonly policies: PolicyCatalog;
  readonly announce: Announcer;
  readonly clock: Clock;
  /** Folds a version's whole ledger again when its statistics have another layout than this release's. */
  readonly rebuilder: Pick<LedgerRebuilder, 'replaceLiveState'>;
  /** Batches per transaction; a smaller number bounds memory, and changes no bit of the result. */
  readonly batchesPerStep?: number;
  /** Steps per version and call, so that one placement's long past does not hold up the others. */
  readonly maxSteps?: number;
}

export interface VersionFoldOutcome {
  readonly versionId: PolicyVersionId;
  readonly revision: number;
  readonly cursor: number;
  readonly folded: number;
  readonly skipped: number;
  /** Somebody else folded at the same time, and was first. */
  readonly fenced: boolean;
}

export interface FoldOutcome {
  readonly placementId: PlacementId;
  readonly lastSeq: number;
  readonly versions: readonly VersionFoldOutcome[];
  /** False when there is more to fold: ask again. */
  readonly caughtUp: boolean;
}

const BATCHES_PER_STEP = 100;
const MAX_STEPS = 50;

/** @throws DomainError with the policy's own refusal; a published version was accepted once, so only a fault of ours brings that about */
export function foldTargetOf({ id, policy, dimension, featureSchema }: FoldVersion): FoldTarget {
  const created = createPolicy(policy, dimension);
  if (!created.ok) throw new DomainError(created.error.code, created.error.message, { details: { versionId: id } });
  return { family: created.value.family, dimension, featureSchema };
}

/** Folds what is new in a placement's ledger into the state of each of its policy versions. Safe to run any number of times at once. */
export class FoldPlacement {
  constructor(private readonly deps: FoldPlacementDependencies) {}

  /** @param versions all that the catalogue names, unless given */
  async execute(placementId: PlacementId, versions?: readonly FoldVersion[]): Promise<FoldOutcome> {
    const lastSeq = await this.deps.sequencer.sequence(placementId);
    const outcomes: VersionFoldOutcome[] = [];
    for (const version of versions ?? (await this.deps.policies.versionsToFold(placementId)))
      outcomes.push(await this.catchUp(version, lastSeq));
    return { placementId, lastSeq, versions: outcomes, caughtUp: outcomes.every(({ cursor }) => cursor >= lastSeq) };
  }

  private async catchUp(version: FoldVersion, lastSeq: number): Promise<VersionFoldOutcome> {
    const target = foldTargetOf(version);
    if (await this.isOutdated(version, target)) await this.deps.rebuilder.replaceLiveState(version.id);
    let folded = 0;
    let skipped = 0;
    for (let step = 0; ; step++) {
      const { fenced, cursor, revision, ...count } = await this.step(version, target, lastSeq);
      folded += count.folded;
      skipped += count.skipped;
      if (fenced || cursor >= lastSeq || step + 1 >= (this.deps.maxSteps ?? MAX_STEPS)) {
        return { versionId: version.id, revision, cursor, folded, skipped, fenced };
      }
    }
  }

  private async isOutdated(version: FoldVersion, target: FoldTarget): Promise<boolean> {
    const { revision, layout } = await this.deps.states.head(version.id);
    return revision > 0 && layout !== layoutOf(target.family);
  }

  /** The head is read before the statistics: if those turn out newer, the head has moved too, and the fence holds. */
  private async step(version: FoldVersion, target: FoldTarget, lastSeq: number): Promise<Omit<VersionFoldOutcome, 'versionId'>> {
    const { states, ledger, announce, clock } = this.deps;
    const head = await states.head(version.id);
    const still = { revision: head.revision, cursor: head.cursor, folded: 0, skipped: 0, fenced: false };
    if (head.cursor >= lastSeq) return still;
    const limit = this.deps.batchesPerStep ?? BATCHES_PER_STEP;
    const batches = await ledger.read(version.placementId, { after: head.cursor, upTo: lastSeq, limit });
    const cursor = batches[batches.length - 1]?.foldSeq ?? head.cursor;
    const entries = batches.flatMap((batch) => batch.entries);
    const fold = await this.prepare(version, target, entries);
    const count = fold.fold(entries);
    const from = { from: head, placementId: version.placementId, cursor };
    const outcome = await states.advance({
      ...from,
      entries: head.entries + count.folded,
      skipped: count.skipped,
      layout: layoutOf(target.family),
      arms: fold.changed(),
      at: clock.now(),
    });
    if (outcome === 'fenced') return { ...still, fenced: true };
    announce({ kind: 'state', id: version.id, revision: head.revision + 1 });
    return { revision: head.revision + 1, cursor, ...count, fenced: false };
  }

  private async prepare(version: FoldVersion, target: FoldTarget, entries: readonly LedgerEntry[]): Promise<LedgerFold> {
    const { states } = this.deps;
    // What banners learn together may look at every banner.
    if (target.family.shared !== undefined) return new LedgerFold(target, new Map((await states.snapshot(version.id)).arms));
    const touched = new Set<BannerId>();
    for (const entry of entries) if (takesEntry(target, entry)) touched.add(entry.bannerId);
    return new LedgerFold(target, await states.arms(version.id, [...touched]));
  }
}
