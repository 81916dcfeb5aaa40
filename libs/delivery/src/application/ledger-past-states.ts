import type { PolicyVersionId } from '@vitrine/kernel';
import type { LedgerRebuilder, PolicyStateStore, PriorReader, StateBase } from '@vitrine/feedback';
import type { FoldLog, PastState, PastStates } from './ports';

export interface LedgerPastStatesDeps {
  readonly foldLog: FoldLog;
  readonly rebuilder: Pick<LedgerRebuilder, 'rebuild'>;
  readonly states: Pick<PolicyStateStore, 'findBase'>;
  readonly priors: PriorReader;
}

/**
 * Past states, folded again from the ledger. What the fold log noted tells whether the ledger is still what it was: fewer entries than
 * were folded then, or a batch that is not as it was appended, means that somebody's evidence was erased.
 */
export class LedgerPastStates implements PastStates {
  constructor(private readonly deps: LedgerPastStatesDeps) {}

  async at(versionId: PolicyVersionId, revision: number): Promise<PastState> {
    if (revision === 0) return { status: 'FOUND', arms: [], prior: null };
    const noted = await this.deps.foldLog.find(versionId, revision);
    if (noted === null) return { status: 'GONE' };
    let altered = false;
    const base = await this.baseBefore(versionId, revision);
    const inspect = (batch: { readonly intact: boolean }): void => void (altered ||= !batch.intact);
    const rebuilt = await this.deps.rebuilder.rebuild(versionId, { upTo: noted.cursor, base, inspect });
    if (altered || rebuilt.entries < noted.entries) return { status: 'ERASED' };
    if (rebuilt.cursor !== noted.cursor || rebuilt.entries !== noted.entries) return { status: 'GONE' };
    const prior = noted.priorId === null ? null : await this.deps.priors.readPrior(noted.priorId);
    return { status: 'FOUND', arms: Array.from(rebuilt.arms, ([bannerId, statistics]) => ({ bannerId, statistics })), prior };
  }

  /** What came before a base contains evidence that is gone, so it is folded from the beginning and found wanting. */
  private async baseBefore(versionId: PolicyVersionId, revision: number): Promise<StateBase | null> {
    const base = await this.deps.states.findBase(versionId);
    return base !== null && base.revision <= revision ? base : null;
  }
}
