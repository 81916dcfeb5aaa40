import { Access } from '@vitrine/platform';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  FEATURE_SCALINGS,
  SEGMENT_ALGORITHMS,
  type FeatureScaling,
  type SegmentAlgorithm,
  type SegmentConfiguration,
} from '../domain/search/configuration';
import {
  extractedRows,
  progressOf,
  RUN_KINDS,
  TRAINING_STATUSES,
  TRAINING_STEPS,
  TRAINING_TRIGGERS,
  type RunKind,
  type RunMetric,
  type TrainingRun,
  type TrainingStatus,
  type TrainingStep,
  type TrainingTrigger,
} from '../domain/training-run';

const TrainingRunStatusEnum = Object.fromEntries(TRAINING_STATUSES.map((status) => [status, status]));
registerEnumType(TrainingRunStatusEnum, { name: 'TrainingRunStatus' });
const TrainingStepEnum = Object.fromEntries(TRAINING_STEPS.map((step) => [step, step]));
registerEnumType(TrainingStepEnum, { name: 'TrainingStep' });
const TrainingTriggerEnum = Object.fromEntries(TRAINING_TRIGGERS.map((trigger) => [trigger, trigger]));
registerEnumType(TrainingTriggerEnum, { name: 'TrainingTrigger' });
const RunKindEnum = Object.fromEntries(RUN_KINDS.map((kind) => [kind, kind]));
registerEnumType(RunKindEnum, {
  name: 'TrainingRunKind',
  description: 'TRAIN makes a model; REASSIGN gives everybody their segment in one that exists, after a rollback.',
});
const SegmentAlgorithmEnum = Object.fromEntries(SEGMENT_ALGORITHMS.map((algorithm) => [algorithm, algorithm]));
registerEnumType(SegmentAlgorithmEnum, { name: 'SegmentAlgorithm' });
const FeatureScalingEnum = Object.fromEntries(FEATURE_SCALINGS.map((scaling) => [scaling, scaling]));
registerEnumType(FeatureScalingEnum, { name: 'FeatureScaling' });

@InputType({ description: 'What is left out is searched over or taken from the settings.' })
export class TrainSegmentsInput {
  @IsOptional()
  @IsInt()
  @Min(2)
  @Max(50)
  @Field(() => Int, { nullable: true, description: 'Fewest segments tried.' })
  readonly minSegments?: number | null;

  @IsOptional()
  @IsInt()
  @Min(2)
  @Max(50)
  @Field(() => Int, { nullable: true, description: 'Most segments tried.' })
  readonly maxSegments?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Field(() => Int, { nullable: true, description: 'The same rows, settings and seed give the same model.' })
  readonly seed?: number | null;
}

@Access('insight:read')
@ObjectType('TrainingMetric', { description: 'One measurement: a curve where the index runs.', simpleResolvers: true })
export class TrainingMetricType {
  @Field(() => TrainingStepEnum)
  readonly step: TrainingStep;
  @Field(() => String)
  readonly name: string;
  @Field(() => Int)
  readonly index: number;
  @Field(() => Float)
  readonly value: number;

  constructor(step: TrainingStep, { name, index, value }: RunMetric) {
    this.step = step;
    this.name = name;
    this.index = index;
    this.value = value;
  }
}

@Access('insight:read')
@ObjectType('SegmentConfiguration', { description: 'What a search varies.', simpleResolvers: true })
export class SegmentConfigurationType {
  @Field(() => SegmentAlgorithmEnum)
  readonly algorithm: SegmentAlgorithm;
  @Field(() => Int)
  readonly segments: number;
  @Field(() => FeatureScalingEnum)
  readonly scaling: FeatureScaling;
  @Field(() => Int, { description: 'Coordinates of the embedding.' })
  readonly dimensions: number;

  constructor({ algorithm, segments, scaling, dimensions }: SegmentConfiguration) {
    this.algorithm = algorithm;
    this.segments = segments;
    this.scaling = scaling;
    this.dimensions = dimensions;
  }
}

@Access('insight:read')
@ObjectType('TrainingRun', { description: 'One training of segments, from the rows to the reassigned profiles.', simpleResolvers: true })
export class TrainingRunType {
  @Field(() => ID)
  readonly id: string;
  @Field(() => TrainingRunStatusEnum)
  readonly status: TrainingStatus;
  @Field(() => TrainingStepEnum)
  readonly step: TrainingStep;
  @Field(() => Float, { description: 'In [0, 1].' })
  readonly progress: number;
  @Field(() => RunKindEnum)
  readonly kind: RunKind;
  @Field(() => TrainingTriggerEnum)
  readonly trigger: TrainingTrigger;
  @Field(() => Int, { description: 'Version that its model gets, or that it applies again.' })
  readonly modelVersion: number;
  @Field(() => Int, { nullable: true, description: 'Version that was live when it began.' })
  readonly parentVersion: number | null;
  @Field(() => String, { description: 'Which build of the code ran it.' })
  readonly codeVersion: string;
  @Field(() => Float, { description: 'The same rows, settings and seed give the same model.' })
  readonly seed: number;
  @Field(() => String, { nullable: true, description: 'SHA-256 over its rows; null before they are all there.' })
  readonly fingerprint: string | null;
  @Field(() => [SegmentConfigurationType], { description: 'What its search tries.' })
  readonly configurations: readonly SegmentConfigurationType[];
  @Field(() => Int, { nullable: true, description: 'Which of the configurations won; null before the search ends.' })
  readonly chosen: number | null;
  @Field(() => [TrainingMetricType], { description: 'What each finished step measured, in order.' })
  readonly metrics: readonly TrainingMetricType[];
  @Field(() => Int, { description: 'Profiles read so far that agreed to training.' })
  readonly rows: number;
  @Field(() => String, { nullable: true, description: 'Code of what ended it before its time.' })
  readonly failureCode: string | null;
  @Field(() => String, { nullable: true })
  readonly failureMessage: string | null;
  @Field(() => GraphQLDateTime)
  readonly startedAt: Date;
  @Field(() => GraphQLDateTime, { nullable: true })
  readonly finishedAt: Date | null;

  constructor(run: TrainingRun) {
    const { train, tune, test } = extractedRows(run.extracted);
    this.id = run.id;
    this.status = run.status;
    this.step = run.step;
    this.progress = progressOf(run);
    this.kind = run.kind;
    this.trigger = run.trigger;
    this.modelVersion = run.modelVersion;
    this.parentVersion = run.parentVersion;
    this.codeVersion = run.codeVersion;
    this.seed = run.seed;
    this.fingerprint = run.fingerprint;
    this.configurations = run.configurations.map((configuration) => new SegmentConfigurationType(configuration));
    this.chosen = run.chosen;
    this.metrics = TRAINING_STEPS.flatMap((step) => (run.log[step] ?? []).map((metric) => new TrainingMetricType(step, metric)));
    this.rows = train + tune + test;
    this.failureCode = run.failure?.code ?? null;
    this.failureMessage = run.failure?.message ?? null;
    this.startedAt = new Date(run.startedAt);
    this.finishedAt = run.finishedAt === null ? null : new Date(run.finishedAt);
  }
}
