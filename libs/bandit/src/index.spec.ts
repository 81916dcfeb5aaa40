import * as bandit from './index';

it('exports exactly these names', () => {
  expect(Object.keys(bandit).sort()).toEqual([
    'COUNTS',
    'LINEAR',
    'POLICIES',
    'benchPolicies',
    'countsFamily',
    'createPolicy',
    'fillSlots',
    'incompleteBeta',
    'linearFamily',
    'logBeta',
    'logGamma',
    'mergeStatistics',
    'mixFloor',
    'noneFamily',
    'sampleIndex',
  ]);
});
