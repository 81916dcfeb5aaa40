export { compareLearners, type CompareLearnersDeps, type CompareLearnersRequest } from './compare-learners';
export { comparisonLines, type LearnerComparison, type LearnerSide, type OurMeasurement } from './learner-comparison';
export { type ProgramRun, type ProgramRunner } from './program.runner';
export { type Library, type LearnerWork } from './python-learner';
