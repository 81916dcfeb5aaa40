import { DomainError } from '@vitrine/kernel';
import { Access } from '@vitrine/platform';
import { Field, ObjectType } from 'type-graphql';
import type { CampaignPage } from '../application/ports';
import { CampaignType, type CampaignBanners } from './campaign.types';

const CURSOR_PREFIX = 'campaign:';

/** Opaque: clients send it back and read nothing from it. */
export function campaignCursor(id: string): string {
  return Buffer.from(`${CURSOR_PREFIX}${id}`, 'utf8').toString('base64url');
}

/** @throws DomainError BAD_USER_INPUT */
export function campaignIdOfCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith(CURSOR_PREFIX))
    throw new DomainError('BAD_USER_INPUT', 'after is not a cursor of ours', { details: { field: 'after' } });
  return text.slice(CURSOR_PREFIX.length);
}

@Access('catalog:read')
@ObjectType('CampaignEdge', { simpleResolvers: true })
export class CampaignEdgeType {
  @Field(() => String)
  readonly cursor: string;
  @Field(() => CampaignType)
  readonly node: CampaignType;

  constructor(node: CampaignType) {
    this.cursor = campaignCursor(node.id);
    this.node = node;
  }
}

@Access('catalog:read')
@ObjectType('CampaignPageInfo', { simpleResolvers: true })
export class CampaignPageInfoType {
  @Field(() => Boolean)
  readonly hasNextPage: boolean;
  @Field(() => Boolean, { description: 'Pages are read forwards only.' })
  readonly hasPreviousPage: boolean = false;
  @Field(() => String, { nullable: true })
  readonly startCursor: string | null;
  @Field(() => String, { nullable: true })
  readonly endCursor: string | null;

  constructor(edges: readonly CampaignEdgeType[], hasNextPage: boolean) {
    this.hasNextPage = hasNextPage;
    this.startCursor = edges.at(0)?.cursor ?? null;
    this.endCursor = edges.at(-1)?.cursor ?? null;
  }
}

@Access('catalog:read')
@ObjectType('CampaignConnection', { description: 'In id order.', simpleResolvers: true })
export class CampaignConnectionType {
  @Field(() => [CampaignEdgeType])
  readonly edges: readonly CampaignEdgeType[];
  @Field(() => CampaignPageInfoType)
  readonly pageInfo: CampaignPageInfoType;

  constructor({ rows, hasNext }: CampaignPage, banners: CampaignBanners) {
    this.edges = rows.map((row) => new CampaignEdgeType(new CampaignType(row, banners)));
    this.pageInfo = new CampaignPageInfoType(this.edges, hasNext);
  }
}
