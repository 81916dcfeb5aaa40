import { DomainError } from '@vitrine/kernel';
import { IsInt, IsOptional, Min } from 'class-validator';
import { Arg, Authorized, Field, ID, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { FinishTraining } from '../application/finish-training';
import type { RollbackModel } from '../application/rollback-model';
import type { DriftRepository, TrainingRunRepository } from '../application/training-ports';
import { SegmentDriftType } from './segment-drift.types';
import { SegmentModelType } from './segment.types';
import { TrainingRunConnectionType } from './training-run-connection.types';
import { TrainingRunType } from './training-run.types';

const MAX_PAGE = 100;

@InputType()
export class RollbackSegmentModelInput {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Field(() => Int, {
    nullable: true,
    description: 'A version that was live before. Absent: the one that was live when the live one was trained.',
  })
  readonly version?: number | null;
}

export interface SegmentOperationsDeps {
  readonly runs: Pick<TrainingRunRepository, 'get' | 'list' | 'count'>;
  readonly rollback: RollbackModel;
  readonly finish: FinishTraining;
  readonly drift: Pick<DriftRepository, 'find'>;
}

/** What people do with trainings and versions beside starting one. */
@Resolver()
export class SegmentOperationsResolver {
  constructor(private readonly deps: SegmentOperationsDeps) {}

  @Authorized('insight:read')
  @Query(() => TrainingRunConnectionType, { description: 'Trainings and what they measured, newest first.' })
  async trainingRuns(
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<TrainingRunConnectionType> {
    const limit = first ?? 20;
    if (limit < 1 || limit > MAX_PAGE)
      throw new DomainError('BAD_USER_INPUT', `first must lie in [1, ${MAX_PAGE}]`, { details: { field: 'first' } });
    const [found, totalCount] = await Promise.all([this.deps.runs.list(limit + 1, after ?? null), this.deps.runs.count()]);
    const page = { next: found.length > limit, previous: typeof after === 'string', totalCount };
    return new TrainingRunConnectionType(found.slice(0, limit), page);
  }

  @Authorized('insight:read')
  @Query(() => SegmentDriftType, { nullable: true, description: 'The newest comparison of populations; null before the first.' })
  async segmentDrift(): Promise<SegmentDriftType | null> {
    const check = await this.deps.drift.find();
    return check === null ? null : new SegmentDriftType(check);
  }

  @Authorized('segment:train')
  @Mutation(() => TrainingRunType, { description: 'Stops a training; the live model stays. One that has ended is left as it is.' })
  async cancelTraining(@Arg('id', () => ID) id: string): Promise<TrainingRunType> {
    await this.deps.finish.cancel(id);
    return new TrainingRunType(await this.deps.runs.get(id));
  }

  @Authorized('segment:train')
  @Mutation(() => SegmentModelType, { description: 'Puts a version that was live before in the place of the live one, at once.' })
  async rollbackSegmentModel(
    @Arg('input', () => RollbackSegmentModelInput, { nullable: true }) input: RollbackSegmentModelInput | null,
  ): Promise<SegmentModelType> {
    return new SegmentModelType((await this.deps.rollback.execute(input?.version ?? null)).model);
  }
}
