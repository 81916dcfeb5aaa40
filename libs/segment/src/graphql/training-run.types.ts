import { Access } from '@vitrine/platform';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  extractedRows,
  progressOf,
  TRAINING_STATUSES,
  TRAINING_STEPS,
  type TrainingRun,
  type TrainingStatus,
  type TrainingStep,
} from '../domain/training-run';

const TrainingRunStatusEnum = Object.fromEntries(TRAINING_STATUSES.map((status) => [status, status]));
registerEnumType(TrainingRunStatusEnum, { name: 'TrainingRunStatus' });
const TrainingStepEnum = Object.fromEntries(TRAINING_STEPS.map((step) => [step, step]));
registerEnumType(TrainingStepEnum, { name: 'TrainingStep' });

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
  @Field(() => Int, { description: 'Version that its model gets.' })
  readonly modelVersion: number;
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
    this.modelVersion = run.modelVersion;
    this.rows = train + tune + test;
    this.failureCode = run.failure?.code ?? null;
    this.failureMessage = run.failure?.message ?? null;
    this.startedAt = new Date(run.startedAt);
    this.finishedAt = run.finishedAt === null ? null : new Date(run.finishedAt);
  }
}
