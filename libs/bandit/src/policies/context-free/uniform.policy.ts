import { invariant, ok } from '@vitrine/kernel';
import type { Policy } from '../../policy';
import { noneFamily } from '../../statistics/none.family';
import { definePolicy } from '../policy-definition';

const uniform: Policy = {
  name: 'uniform',
  contextual: false,
  deterministic: false,
  family: noneFamily,
  dimension: 0,
  derive: () => null,
  distribution(arms, _point, out) {
    invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
    out.fill(1 / arms.length);
  },
};

/** The same probability for every eligible banner. */
export const uniformPolicy = definePolicy({
  name: 'uniform',
  summary: 'Every eligible banner with the same probability: collects the cleanest data, learns nothing itself.',
  contextual: false,
  deterministic: false,
  family: 'none',
  rewards: 'any',
  parameters: {},
  complexity: { decide: 'O(K)', learn: 'none', state: 'none' },
  paper: null,
  build: () => ok(uniform),
});
