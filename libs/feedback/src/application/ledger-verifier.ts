import type { BannerId, PolicyVersionId } from '@vitrine/kernel';
import { sameBits } from '../domain/ledger-fold';
import type { PolicyHead } from '../domain/types';
import type { LedgerReader, PolicyStateStore, SequencedBatch } from './ledger.ports';
import type { LedgerRebuilder, RebuiltState } from './ledger-rebuilder';

export interface LedgerVerifierDependencies {
  readonly rebuilder: LedgerRebuilder;
  readonly ledger: LedgerReader;
  readonly states: PolicyStateStore;
}

export const LEDGER_FAULTS = ['SEQUENCE_GAP', 'DUPLICATE_ENTRY', 'BATCH_ALTERED', 'HEAD_DIFFERS', 'STATISTICS_DIFFER'] as const;
export interface LedgerFault {
  readonly kind: (typeof LEDGER_FAULTS)[number];
  /** The number, batch, entry or banner concerned. */
  readonly where: string;
}

export interface LedgerVerification {
  readonly versionId: PolicyVersionId;
  readonly ok: boolean;
  readonly revision: number;
  readonly cursor: number;
  readonly batches: number;
  readonly entries: number;
  /** The first hundred. */
  readonly faults: readonly LedgerFault[];
}

const MAX_FAULTS = 100;

/** Folds the ledger again from the last base up to the live state's cursor and compares, bit for bit. */
export class LedgerVerifier {
  constructor(private readonly deps: LedgerVerifierDependencies) {}

  /** @throws DomainError UNKNOWN_POLICY */
  async verify(versionId: PolicyVersionId): Promise<LedgerVerification> {
    const { rebuilder, states, ledger } = this.deps;
    const live = await states.snapshot(versionId);
    const inspection = new Inspection();
    const rebuilt = await rebuilder.rebuild(versionId, {
      upTo: live.head.cursor,
      base: live.base,
      inspect: (batch) => inspection.see(batch),
    });
    const last = await ledger.last(rebuilt.version.placementId);
    if (rebuilt.cursor !== live.head.cursor || live.head.cursor > last) inspection.report('SEQUENCE_GAP', String(rebuilt.cursor + 1));
    compare(live, rebuilt, inspection);
    const { revision, cursor, entries } = live.head;
    return {
      versionId,
      ok: inspection.faults.length === 0,
      revision,
      cursor,
      batches: inspection.batches,
      entries,
      faults: inspection.faults,
    };
  }
}

function compare(
  live: { readonly head: PolicyHead; readonly arms: ReadonlyMap<BannerId, Float64Array> },
  rebuilt: RebuiltState,
  to: Inspection,
): void {
  if (live.head.entries !== rebuilt.entries) to.report('HEAD_DIFFERS', 'entries');
  for (const bannerId of new Set([...live.arms.keys(), ...rebuilt.arms.keys()])) {
    const held = live.arms.get(bannerId) ?? null;
    // A row of zeros is a banner that a rebuild found nothing about.
    const folded = rebuilt.arms.get(bannerId) ?? (held === null ? null : new Float64Array(held.length));
    if (held === null || folded === null || !sameBits(held, folded)) to.report('STATISTICS_DIFFER', bannerId);
  }
}

class Inspection {
  readonly faults: LedgerFault[] = [];
  batches = 0;
  private expected = 1;
  private readonly ids = new Set<string>();

  see(batch: SequencedBatch): void {
    if (batch.foldSeq !== this.expected) this.report('SEQUENCE_GAP', String(this.expected));
    this.expected = batch.foldSeq + 1;
    this.batches++;
    if (!batch.intact) this.report('BATCH_ALTERED', batch.id);
    for (const { id } of batch.entries) {
      if (this.ids.has(id)) this.report('DUPLICATE_ENTRY', id);
      this.ids.add(id);
    }
  }

  report(kind: LedgerFault['kind'], where: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ kind, where });
  }
}
