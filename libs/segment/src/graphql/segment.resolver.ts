import { DomainError } from '@vitrine/kernel';
import { Arg, Authorized, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { SegmentDirectory } from '../application/segment-directory';
import type { TrainingRunRepository } from '../application/training-ports';
import type { TrainingStarter } from '../application/training-starter';
import type { TrainingRun } from '../domain/training-run';
import { SegmentModelConnectionType } from './segment-model-connection.types';
import { versionOf } from './segment-model-cursor';
import { SegmentType } from './segment.types';
import { TrainingRunType, TrainSegmentsInput } from './training-run.types';

const MAX_PAGE = 100;

/** Topic of the subscription to one run, by its id: whoever builds the schema says what is read under it (`WatchTrainingRun.watch`). */
export const TRAINING_RUN_TOPIC = 'training-run';

export interface SegmentResolverDeps {
  readonly directory: SegmentDirectory;
  readonly runs: Pick<TrainingRunRepository, 'get'>;
  readonly starter: TrainingStarter;
}

@Resolver()
export class SegmentResolver {
  constructor(private readonly deps: SegmentResolverDeps) {}

  @Authorized('insight:read')
  @Query(() => [SegmentType], { description: 'Segments of the live model, largest first.' })
  async segments(): Promise<SegmentType[]> {
    return (await this.deps.directory.listSegments()).map((segment) => new SegmentType(segment));
  }

  @Authorized('insight:read')
  @Query(() => SegmentModelConnectionType, { description: 'Every trained version, newest first.' })
  async segmentModels(
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<SegmentModelConnectionType> {
    const limit = first ?? 20;
    if (limit < 1 || limit > MAX_PAGE)
      throw new DomainError('BAD_USER_INPUT', `first must lie in [1, ${MAX_PAGE}]`, { details: { field: 'first' } });
    return new SegmentModelConnectionType(await this.deps.directory.listModels(limit, typeof after === 'string' ? versionOf(after) : null));
  }

  @Authorized('insight:read')
  @Query(() => TrainingRunType, { description: 'How far a training has come.' })
  async trainingRun(@Arg('id', () => ID) id: string): Promise<TrainingRunType> {
    return new TrainingRunType(await this.deps.runs.get(id));
  }

  @Authorized('insight:read')
  @Subscription(() => TrainingRunType, {
    name: 'trainingRun',
    topics: TRAINING_RUN_TOPIC,
    topicId: ({ args }) => args.id,
    description: 'The training as it is, then every state that it comes to, until it has ended.',
  })
  trainingRunState(@Root() run: TrainingRun, @Arg('id', () => ID) _id: string): TrainingRunType {
    return new TrainingRunType(run);
  }

  @Authorized('segment:train')
  @Mutation(() => TrainingRunType, { description: 'Starts a training; refused while another one is active.' })
  async trainSegments(
    @Arg('input', () => TrainSegmentsInput, { nullable: true }) input: TrainSegmentsInput | null,
  ): Promise<TrainingRunType> {
    const { minSegments = null, maxSegments = null, seed = null } = input ?? {};
    return new TrainingRunType(await this.deps.starter.start({ trigger: 'MANUAL', minSegments, maxSegments, seed }));
  }
}
