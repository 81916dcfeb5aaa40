import { rngFromNumber } from '@vitrine/kernel';
import { syntheticTable } from '../../testing/synthetic-rows.fixture';
import { rowMatrix, type RowMatrix } from '../row-matrix';
import { assignGroups, groupRows, partRng } from './group-rows';
import { eachRow } from './describe-segments';
import { resampledAgreement } from './stability';

function rows(count: number, archetypes: readonly (readonly number[])[], seed: number): RowMatrix {
  const table = syntheticTable(count, { archetypes, seed });
  return rowMatrix(archetypes[0]?.length ?? 1, Float64Array.from(eachRow(table, (features) => [...features]).flat()));
}
function agreement(archetypes: readonly (readonly number[])[], segments: number): readonly number[] {
  const [train, judge] = [rows(600, archetypes, 1), rows(300, archetypes, 2)];
  const options = { algorithm: 'K_MEANS', segments, restarts: 2, maxIterations: 50 } as const;
  const { clusterer } = groupRows(train, options, partRng(1, 1));
  return resampledAgreement({ train, judge, labels: assignGroups(judge, clusterer), options, resamples: 6 }, rngFromNumber(4));
}

describe('resampledAgreement', () => {
  it('is 1 for groups that lie far apart', () => {
    expect(agreement([[0, 0], [20, 0], [0, 20]], 3)).toEqual([1, 1, 1, 1, 1, 1]); // prettier-ignore
  });

  it('is low for one round blob that is cut by chance', () => {
    const found = agreement([[0, 0, 0, 0]], 5);
    expect(found.reduce((sum, index) => sum + index, 0) / found.length).toBeLessThan(0.6);
  });

  it('is low, too, for more groups than there are', () => {
    const found = agreement([[0, 0], [20, 0]], 6); // prettier-ignore
    expect(found.reduce((sum, index) => sum + index, 0) / found.length).toBeLessThan(0.8);
  });
});
