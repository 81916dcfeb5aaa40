import { layoutOf } from '@vitrine/bandit';
import type { Clock, PlacementId, PolicyVersionId } from '@vitrine/kernel';
import { canUnfold, LedgerFold, takesEntry, type FoldTarget } from '../domain/ledger-fold';
import type { ErasableLedger, ErasableStates, ErasedPerson, StateWithdrawal, TakenEntry } from './erasure.ports';
import { foldTargetOf } from './fold-placement';
import type { FoldVersion, PolicyCatalog, StateSnapshot } from './ledger.ports';
import type { Announcer, FoldRequester, UnitOfWork } from './processing.ports';

export interface EraseEvidenceDependencies<S> {
  readonly unitOfWork: UnitOfWork<S>;
  readonly ledger: ErasableLedger<S>;
  readonly states: ErasableStates<S>;
  readonly policies: PolicyCatalog;
  readonly folds: FoldRequester;
  readonly announce: Announcer;
  readonly clock: Clock;
}

/** What an erasure did to one policy version. */
export interface WithdrawnEvidence {
  readonly versionId: PolicyVersionId;
  /** Entries taken out of the statistics, or to be left out when they are folded anew. */
  readonly entries: number;
  /** FOLD_SCHEDULED: the policy's mathematics does not allow taking out; its ledger is folded again, without them, as the next fold. */
  readonly how: 'UNFOLDED' | 'FOLD_SCHEDULED';
  readonly revision: number;
}

export interface ErasedEvidence {
  /** Entries taken out of the ledger. */
  readonly entries: number;
  readonly versions: readonly WithdrawnEvidence[];
}

/**
 * Takes a person's trials out of the ledger and out of everything learned from it (D7): per placement in one transaction, which makes the
 * result the base that folding begins from. Running it again finds nothing and changes nothing.
 */
export class EraseEvidence<S> {
  constructor(private readonly deps: EraseEvidenceDependencies<S>) {}

  async execute(person: ErasedPerson): Promise<ErasedEvidence> {
    const placements = await this.deps.ledger.placementsOf(person);
    let entries = 0;
    const versions: WithdrawnEvidence[] = [];
    for (const placementId of placements) {
      const erased = await this.eraseFrom(placementId, person);
      entries += erased.entries;
      versions.push(...erased.versions);
    }
    // Also where nothing was to be folded anew: a version that fell out of step is seen to at once.
    if (entries > 0) await this.deps.folds.request(placements);
    return { entries, versions };
  }

  private async eraseFrom(placementId: PlacementId, person: ErasedPerson): Promise<ErasedEvidence> {
    const { unitOfWork, ledger, policies, announce } = this.deps;
    const versions = await policies.versionsToFold(placementId);
    const erased = await unitOfWork.run(async (session) => {
      await this.deps.states.claim(session, placementId);
      const taken = await ledger.takeOut(session, placementId, person);
      const withdrawn: WithdrawnEvidence[] = [];
      if (taken.length === 0) return { entries: 0, versions: withdrawn };
      for (const version of versions) withdrawn.push(await this.withdraw(session, version, taken));
      return { entries: taken.length, versions: withdrawn };
    });
    for (const { versionId, revision } of erased.versions) announce({ kind: 'state', id: versionId, revision });
    return { ...erased, versions: erased.versions.filter(({ entries }) => entries > 0) };
  }

  /** Every head of the placement moves, so that a fold that read the ledger before the entries left it cannot commit. */
  private async withdraw(session: S, version: FoldVersion, taken: readonly TakenEntry[]): Promise<WithdrawnEvidence> {
    const snapshot = await this.deps.states.snapshotIn(session, version.id);
    const { step, entries, how } = withdrawalOf(snapshot, foldTargetOf(version), taken);
    await this.deps.states.withdraw(session, { ...step, placementId: version.placementId, at: this.deps.clock.now() });
    return { versionId: version.id, entries, how, revision: snapshot.head.revision + 1 };
  }
}

interface Withdrawal extends Pick<WithdrawnEvidence, 'entries' | 'how'> {
  readonly step: Omit<StateWithdrawal, 'at' | 'placementId'>;
}

function withdrawalOf({ head, arms }: StateSnapshot, target: FoldTarget, taken: readonly TakenEntry[]): Withdrawal {
  const seen = taken.flatMap(({ foldSeq, entry }) => (foldSeq !== null && foldSeq <= head.cursor ? [entry] : []));
  const known = seen.filter((entry) => takesEntry(target, entry));
  const left = { from: head, entries: head.entries - known.length, skipped: seen.length - known.length };
  const layout = layoutOf(target.family);
  if (known.length === 0) return { step: { ...left, layout: head.layout, arms: new Map(), base: null }, entries: 0, how: 'UNFOLDED' };
  if (head.layout !== layout || !canUnfold(target)) {
    return { step: { ...left, layout: null, arms: new Map(), base: null }, entries: known.length, how: 'FOLD_SCHEDULED' };
  }
  const fold = new LedgerFold(target, new Map(arms));
  fold.unfold(known);
  const step = { ...left, layout, arms: fold.changed(), base: { layout, arms: fold.arms } };
  return { step, entries: known.length, how: 'UNFOLDED' };
}
