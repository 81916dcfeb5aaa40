import * as bandit from './index';

it('exports exactly these names', () => {
  expect(Object.keys(bandit).sort()).toEqual([
    'COUNTS',
    'LINEAR',
    'LearnedState',
    'OnlineLearner',
    'POLICIES',
    'benchPolicies',
    'countsFamily',
    'createPolicy',
    'fillSlots',
    'incompleteBeta',
    'isMergeable',
    'isUnfoldable',
    'linearFamily',
    'logBeta',
    'logGamma',
    'mixFloor',
    'noneFamily',
    'sampleIndex',
    'withoutGroups',
  ]);
});
