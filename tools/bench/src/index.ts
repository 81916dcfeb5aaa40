export { benchClustering, type BenchClusteringDeps, type BenchClusteringRequest } from './bench-clustering';
export {
  clusteringLines,
  type ClusteringComparison,
  type ClusteringReference,
  type ClusteringSide,
  type Spread,
} from './clustering-comparison';
export { compareLearners, type CompareLearnersDeps, type CompareLearnersRequest } from './compare-learners';
export { comparisonLines, type LearnerComparison, type LearnerSide, type OurMeasurement } from './learner-comparison';
export { type ProgramRun, type ProgramRunner } from './program.runner';
export { type Library, type LearnerWork } from './python-learner';
export { fitResponseReference, type ResponseReference, type ResponseReferenceDeps, type ResponseReferenceWork } from './response-reference';
