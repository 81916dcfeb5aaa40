import * as bandit from './index';

it('exports exactly these names', () => {
  expect(Object.keys(bandit).sort()).toEqual([
    'COUNTS',
    'LINEAR',
    'POLICIES',
    'aggregateReward',
    'benchPolicies',
    'countsFamily',
    'createPolicy',
    'fillSlots',
    'incompleteBeta',
    'initialReward',
    'linearFamily',
    'logBeta',
    'logGamma',
    'mergeStatistics',
    'mixFloor',
    'noneFamily',
    'rewardTotal',
    'sampleIndex',
  ]);
});
