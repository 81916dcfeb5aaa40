import { countsFamily, type PriorRevision } from '@vitrine/bandit';
import { bannerId, placementId, policyVersionId } from '@vitrine/kernel';
import type { RebuiltState, SequencedBatch, StateBase } from '@vitrine/feedback';
import { aVersion } from '../fixtures';
import { LedgerPastStates } from './ledger-past-states';
import type { FoldNote } from './ports';

const ID = policyVersionId(placementId('home-hero'), 1);
const effect = { mean: 0, variance: 1, trials: 5 };
const REVISION: PriorRevision = {
  format: 1,
  noise: 1,
  global: effect,
  surface: { between: 0, bases: {} },
  placement: { between: 0, bases: {} },
  groups: {},
  banner: { between: 1, degrees: 0 },
};
const ARMS = new Map([[bannerId('b00'), Float64Array.of(1, 2)]]);

const BASE = { revision: 5, cursor: 4, entries: 8, layout: 'counts/1/4', arms: ARMS };
const bases: (StateBase | null)[] = [];

function pastStates(note: FoldNote | null, rebuilt: Partial<RebuiltState>, intact = true) {
  const batch: SequencedBatch = { id: 'x', placementId: placementId('home-hero'), foldSeq: 1, entries: [], createdAt: 0, intact };
  return new LedgerPastStates({
    priors: { readPrior: (id) => Promise.resolve({ placementId: id, surface: 'HOME', revision: REVISION }) },
    foldLog: { find: () => Promise.resolve(note) },
    states: { findBase: () => Promise.resolve(BASE) },
    rebuilder: {
      rebuild: (_id, { upTo, base, inspect } = {}) => {
        inspect?.(batch);
        bases.push(base ?? null);
        return Promise.resolve({
          version: aVersion(),
          cursor: upTo ?? 0,
          entries: 10,
          skipped: 0,
          arms: ARMS,
          family: countsFamily,
          ...rebuilt,
        });
      },
    },
  });
}

describe('LedgerPastStates', () => {
  it('folds the ledger up to the cursor of the revision', async () => {
    expect(await pastStates({ cursor: 4, entries: 10, priorId: null }, {}).at(ID, 3)).toEqual({
      status: 'FOUND',
      arms: [{ bannerId: 'b00', statistics: Float64Array.of(1, 2) }],
      prior: null,
    });
  });

  it('knows the state before the first fold without asking', async () => {
    expect(await pastStates(null, {}).at(ID, 0)).toEqual({ status: 'FOUND', arms: [], prior: null });
  });

  it('reads the prior that the revision was made under', async () => {
    expect(await pastStates({ cursor: 4, entries: 10, priorId: 'one' }, {}).at(ID, 3)).toMatchObject({
      status: 'FOUND',
      prior: { placementId: 'one', revision: REVISION },
    });
  });

  it('folds from the last base where the revision has seen it, else from the beginning', async () => {
    bases.length = 0;
    const past = pastStates({ cursor: 4, entries: 10, priorId: null }, {});
    await past.at(ID, 5);
    await past.at(ID, 4);
    expect(bases).toEqual([BASE, null]);
  });

  it('tells erased evidence from a ledger that is no longer held', async () => {
    expect(await pastStates({ cursor: 4, entries: 12, priorId: null }, {}).at(ID, 3)).toEqual({ status: 'ERASED' });
    expect(await pastStates({ cursor: 4, entries: 10, priorId: null }, {}, false).at(ID, 3)).toEqual({ status: 'ERASED' });
    expect(await pastStates({ cursor: 4, entries: 10, priorId: null }, { cursor: 2 }).at(ID, 3)).toEqual({ status: 'GONE' });
    expect(await pastStates(null, {}).at(ID, 3)).toEqual({ status: 'GONE' });
  });
});
