export {
  SEGMENT_MODEL_STATUSES,
  type SegmentAssigner,
  type SegmentModel,
  type SegmentModelStatus,
  type DriftReference,
  type SegmentPlace,
  type SegmentRate,
  type SegmentSummary,
  type TrainedResponse,
} from './domain/types';
export { createAssigner, type AssignableModel } from './domain/segment-assigner';
export { benchAssigner, type AssignerBenchResult } from './domain/segment-assigner.bench';
export { rowMatrix, type RowMatrix } from './domain/row-matrix';
export { fitPipeline, type FitPipelineOptions, type FitPipelineResult } from './domain/pipeline/fit-pipeline';
export { compilePipeline, type CompiledPipeline } from './domain/pipeline/compile-pipeline';
export { benchPipeline, type PipelineBenchResult } from './domain/pipeline/pipeline.bench';
export { parsePipeline } from './domain/pipeline/parse-pipeline';
export type { CategoricalColumn, ColumnSpec, NumericColumn, RawColumn, RawRow, RawTable } from './domain/pipeline/raw-table';
export {
  PIPELINE_VERSION,
  type ColumnChoice,
  type FittedColumn,
  type FittedPipeline,
  type FittedStep,
  type PipelineSpec,
  type StepKind,
  type StepSpec,
} from './domain/pipeline/step-types';
export { sparseMatrix, type SparseMatrix } from './domain/linear-algebra/sparse-matrix';
export { truncatedSvdSparse, type TruncatedSvd, type TruncatedSvdOptions } from './domain/linear-algebra/truncated-svd';
export { clusterRows, labelRows } from './domain/clustering/k-means';
export type { ClusteringAlgorithm, RowClustering, RowClusteringOptions, RowLabels } from './domain/clustering/row-clustering';
export { adjustedRandIndex } from './domain/metrics/adjusted-rand-index';
export { averagePrecision } from './domain/metrics/average-precision';
export { calibration, type Calibration, type CalibrationBin } from './domain/metrics/calibration';
export { calinskiHarabasz, daviesBouldin } from './domain/metrics/cluster-separation';
export { normalizedMutualInformation } from './domain/metrics/normalized-mutual-information';
export { binShares, populationStability, quantileCuts } from './domain/metrics/population-stability';
export { brierScore, logLoss } from './domain/metrics/probability-loss';
export { rocAuc, rocAucInterval, type AucInterval } from './domain/metrics/roc-auc';
export { silhouetteScore } from './domain/metrics/silhouette-score';
export { trainBoostedTrees, type BoostedTreesOptions } from './domain/models/boosted-trees';
export { compileResponse, type PredictResponse } from './domain/models/compile-response';
export { benchResponse, type ResponseBenchResult } from './domain/models/compile-response.bench';
export { featureStrengths, type FeatureStrength } from './domain/models/feature-strengths';
export {
  assignMixture,
  COVARIANCES,
  fitGaussianMixture,
  type CovarianceKind,
  type FittedMixture,
  type GaussianMixtureModel,
  type GaussianMixtureOptions,
  type MixtureAssigner,
} from './domain/models/gaussian-mixture';
export { trainLogisticRegression, type LogisticOptions } from './domain/models/logistic-regression';
export { parseResponseModel } from './domain/models/parse-response-model';
export {
  ACTIVATIONS,
  type Activation,
  type BoostedTreesModel,
  type DenseLayer,
  type ImportedModel,
  type LogisticModel,
  type ResponseModel,
} from './domain/models/response-model';
export { compileRfm, RFM_SEGMENTS, rfmSegments, type RfmColumns, type RfmModel, type RfmSegment } from './domain/models/rfm-segments';
export { fitSegmentModel, type FitOutcome, type FitRequest, type FittedModel } from './domain/training/fit-segment-model';
export { judgeCandidate } from './domain/gate/judge-candidate';
export { measureCandidate, type GateEvidence, type MeasureRequest } from './domain/gate/measure-candidate';
export {
  ABANDON_TRAINING_AFTER_MS,
  DEFAULT_TRAINING_SETTINGS,
  progressOf,
  TRAINING_PARTITIONS,
  TRAINING_STATUSES,
  TRAINING_STEPS,
  TRAINING_TRIGGERS,
  trainingSettings,
  type AssignedPartition,
  type ExtractedPartition,
  type GateRules,
  type RunKind,
  type RunMetric,
  type TrainingConfig,
  type TrainingRun,
  type TrainingSettings,
  type TrainingStatus,
  type TrainingStep,
  type TrainingTrigger,
} from './domain/training-run';
export { drawConfigurations, type SegmentConfiguration } from './domain/search/configuration';
export { DEFAULT_SEARCH_SETTINGS, rungRows, rungSizes, type SearchSettings } from './domain/search/search-settings';
export { bestOf, compareScores, type TrialScore } from './domain/search/trial-score';
export { runSearch, type SearchOutcome } from './domain/search/run-search';
export { evaluateTrial, type TrialRequest } from './domain/search/evaluate-trial';
export { compileClusterer, type Clusterer } from './domain/clustering/clusterer';
export { numericTable, takeTableRows, type LabelledTable, type ResponsePair } from './domain/training/labelled-table';
export { assignGroups, partRng } from './domain/training/group-rows';
export { resampledAgreement } from './domain/training/stability';
export { ratesOf, responseGain } from './domain/training/response-gain';
export { inheritIds } from './domain/training/segment-identity';
export {
  fitResponse,
  predictAll,
  RESPONSE_CONFIGURATIONS,
  searchResponse,
  type FittedResponse,
  type ResponseConfiguration,
} from './domain/training/train-response';
export { DRIFTED, measureDrift, type DriftReport } from './domain/drift';
export {
  inlineCompute,
  TRAINING_TASKS,
  type TrainingCompute,
  type TrainingTaskName,
  type TrainingTasks,
} from './application/training-compute';
export { CheckDrift, type CheckDriftDeps } from './application/check-drift';
export { RollbackModel, type RollbackModelDeps, type RolledBack } from './application/rollback-model';
export { PlanSearch, type PlanSearchDeps } from './application/plan-search';
export { RankTrials, type RankTrialsDeps } from './application/rank-trials';
export { RunTrial, type RunTrialDeps } from './application/run-trial';
export { MongoDriftRepository } from './store/mongo-drift.repository';
export type {
  DriftCheck,
  DriftRepository,
  ModelVerdict,
  ProfileHistory,
  RowStream,
  SearchPlan,
  ProfileRow,
  ProfileRowSource,
  ProfileSlice,
  SegmentAssignment,
  SegmentMembershipSink,
  SegmentModelRepository,
  TrainingQueue,
  TrainingRowChunk,
  TrainingRowRepository,
  TrainingRunRepository,
} from './application/training-ports';
export { TrainingStarter, type StartTraining, type TrainingStarterDeps } from './application/training-starter';
export { ExtractRows, type ExtractRowsDeps } from './application/extract-rows';
export { FitModel, type FitModelDeps } from './application/fit-model';
export { ValidateModel, type ValidateModelDeps } from './application/validate-model';
export { PublishModel, type PublishModelDeps } from './application/publish-model';
export { AssignPartition, type AssignPartitionDeps } from './application/assign-partition';
export { FinishTraining, type FinishTrainingDeps } from './application/finish-training';
export { AnnouncedTrainingRuns, type AnnouncedTrainingRunsDeps } from './application/announced-training-runs';
export { WatchTrainingRun, type WatchTrainingRunDeps } from './application/watch-training-run';
export { SegmentDirectory, type SegmentModelPage } from './application/segment-directory';
export { segmentMigrations } from './store/segment-migrations';
export { MongoSegmentModelRepository } from './store/mongo-segment-model.repository';
export { MongoTrainingRunRepository } from './store/mongo-training-run.repository';
export { MongoTrainingRowRepository } from './store/mongo-training-row.repository';
export {
  buildAssignmentFlow,
  buildFitFlow,
  buildRungFlow,
  buildTrainingFlow,
  BullTrainingQueue,
  SEGMENT_JOBS,
  type SegmentJobName,
} from './store/training-flow';
export {
  createSegmentProcessor,
  createSegmentProcessors,
  type SegmentJob,
  type SegmentProcessor,
  type SegmentProcessorsDeps,
} from './store/segment-processors';
export { ScannedProfiles, type ScannedProfilesDeps } from './store/scanned-profiles';
export { SegmentModelWatcher, type LiveSegmentModel, type SegmentModelWatcherDeps } from './store/segment-model-watcher';
export { SegmentOperationsResolver, type SegmentOperationsDeps } from './graphql/segment-operations.resolver';
export { SegmentResolver, TRAINING_RUN_TOPIC, type SegmentResolverDeps } from './graphql/segment.resolver';
export { MAX_ERASED_SHARE } from './domain/erased-share';
export { trainedModels, type TrainedModelsDeps } from './store/trained-models';
