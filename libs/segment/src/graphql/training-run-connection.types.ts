import { Access, RelayPageInfo } from '@vitrine/platform';
import { Field, Int, ObjectType } from 'type-graphql';
import type { TrainingRun } from '../domain/training-run';
import { TrainingRunType } from './training-run.types';

@Access('insight:read')
@ObjectType('TrainingRunEdge', { simpleResolvers: true })
export class TrainingRunEdgeType {
  @Field(() => String)
  readonly cursor: string;
  @Field(() => TrainingRunType)
  readonly node: TrainingRunType;

  constructor(run: TrainingRun) {
    this.cursor = run.id;
    this.node = new TrainingRunType(run);
  }
}

@Access('insight:read')
@ObjectType('TrainingRunPageInfo', { simpleResolvers: true })
export class TrainingRunPageInfoType extends RelayPageInfo {}

@Access('insight:read')
@ObjectType('TrainingRunConnection', { description: 'Newest first.', simpleResolvers: true })
export class TrainingRunConnectionType {
  @Field(() => [TrainingRunEdgeType])
  readonly edges: readonly TrainingRunEdgeType[];
  @Field(() => TrainingRunPageInfoType)
  readonly pageInfo: TrainingRunPageInfoType;
  @Field(() => Int)
  readonly totalCount: number;

  constructor(runs: readonly TrainingRun[], page: { readonly next: boolean; readonly previous: boolean; readonly totalCount: number }) {
    this.edges = runs.map((run) => new TrainingRunEdgeType(run));
    this.pageInfo = new TrainingRunPageInfoType(this.edges, page);
    this.totalCount = page.totalCount;
  }
}
