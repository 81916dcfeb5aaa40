import { Access } from '@vitrine/platform';
import { Field, Int, ObjectType } from 'type-graphql';
import type { SegmentModelPage } from '../application/segment-directory';
import type { SegmentModel } from '../domain/types';
import { cursorOf } from './segment-model-cursor';
import { SegmentModelType } from './segment.types';

@Access('insight:read')
@ObjectType('SegmentModelEdge', { simpleResolvers: true })
export class SegmentModelEdgeType {
  @Field(() => String)
  readonly cursor: string;
  @Field(() => SegmentModelType)
  readonly node: SegmentModelType;

  constructor(model: SegmentModel) {
    this.cursor = cursorOf(model.version);
    this.node = new SegmentModelType(model);
  }
}

@Access('insight:read')
@ObjectType('SegmentModelPageInfo', { simpleResolvers: true })
export class SegmentModelPageInfoType {
  @Field(() => Boolean)
  readonly hasNextPage: boolean;
  @Field(() => Boolean, { description: 'Pages are read forwards only.' })
  readonly hasPreviousPage: boolean = false;
  @Field(() => String, { nullable: true })
  readonly startCursor: string | null;
  @Field(() => String, { nullable: true })
  readonly endCursor: string | null;

  constructor(edges: readonly SegmentModelEdgeType[], hasNextPage: boolean) {
    this.hasNextPage = hasNextPage;
    this.startCursor = edges.at(0)?.cursor ?? null;
    this.endCursor = edges.at(-1)?.cursor ?? null;
  }
}

@Access('insight:read')
@ObjectType('SegmentModelConnection', { description: 'Newest first.', simpleResolvers: true })
export class SegmentModelConnectionType {
  @Field(() => [SegmentModelEdgeType])
  readonly edges: readonly SegmentModelEdgeType[];
  @Field(() => SegmentModelPageInfoType)
  readonly pageInfo: SegmentModelPageInfoType;
  @Field(() => Int)
  readonly totalCount: number;

  constructor({ models, hasNextPage, totalCount }: SegmentModelPage) {
    this.edges = models.map((model) => new SegmentModelEdgeType(model));
    this.pageInfo = new SegmentModelPageInfoType(this.edges, hasNextPage);
    this.totalCount = totalCount;
  }
}
