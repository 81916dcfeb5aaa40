import { DomainError, placementId } from '@vitrine/kernel';
import { Arg, Authorized, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { CatalogReader } from '../application/ports';
import type { UpsertBanner } from '../application/upsert-banner';
import type { UpsertCampaign } from '../application/upsert-campaign';
import type { UpsertPlacement } from '../application/upsert-placement';
import { toBannerPatch, UpsertBannerInput } from './banner.input';
import { ManagedBannerType } from './banner.types';
import { campaignBanners } from './campaign-banners';
import { CampaignConnectionType, campaignIdOfCursor } from './campaign-connection.types';
import { CampaignFilterInput, toCampaignFilter, toCampaignPatch, UpsertCampaignInput } from './campaign.input';
import { CampaignType } from './campaign.types';
import { given } from './given';
import { toPlacementPatch, UpsertPlacementInput } from './placement.input';
import { PlacementType } from './placement.types';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

export interface CatalogResolverDeps {
  readonly reader: CatalogReader;
  readonly upsertPlacement: UpsertPlacement;
  readonly upsertCampaign: UpsertCampaign;
  readonly upsertBanner: UpsertBanner;
}

@Resolver()
export class CatalogResolver {
  constructor(private readonly deps: CatalogResolverDeps) {}

  @Authorized('catalog:read')
  @Query(() => [PlacementType], { description: 'In id order.' })
  async placements(): Promise<PlacementType[]> {
    return (await this.deps.reader.listPlacements()).map((stored) => new PlacementType(stored));
  }

  @Authorized('catalog:read')
  @Query(() => PlacementType, { nullable: true })
  async placement(@Arg('id', () => ID) id: string): Promise<PlacementType | null> {
    const stored = await this.deps.reader.findPlacement(placementId(id));
    return stored === null ? null : new PlacementType(stored);
  }

  @Authorized('catalog:read')
  @Query(() => CampaignConnectionType)
  async campaigns(
    @Arg('filter', () => CampaignFilterInput, { nullable: true }) filter: CampaignFilterInput | null,
    @Arg('first', () => Int, { nullable: true, description: `1 to ${MAX_PAGE}; ${DEFAULT_PAGE} when absent.` }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<CampaignConnectionType> {
    const page = await this.deps.reader.listCampaigns({
      filter: toCampaignFilter(filter),
      first: pageSize(first),
      after: given(after, campaignIdOfCursor) ?? null,
    });
    const ids = page.rows.map(({ value }) => value.id);
    return new CampaignConnectionType(page, campaignBanners(this.deps.reader, ids));
  }

  @Authorized('catalog:write')
  @Mutation(() => PlacementType)
  async upsertPlacement(@Arg('input', () => UpsertPlacementInput) input: UpsertPlacementInput): Promise<PlacementType> {
    return new PlacementType(await this.deps.upsertPlacement.execute(toPlacementPatch(input)));
  }

  @Authorized('catalog:write')
  @Mutation(() => CampaignType)
  async upsertCampaign(@Arg('input', () => UpsertCampaignInput) input: UpsertCampaignInput): Promise<CampaignType> {
    const stored = await this.deps.upsertCampaign.execute(toCampaignPatch(input));
    return new CampaignType(stored, campaignBanners(this.deps.reader, [stored.value.id]));
  }

  @Authorized('catalog:write')
  @Mutation(() => ManagedBannerType)
  async upsertBanner(@Arg('input', () => UpsertBannerInput) input: UpsertBannerInput): Promise<ManagedBannerType> {
    return new ManagedBannerType(await this.deps.upsertBanner.execute(toBannerPatch(input)));
  }
}

/** @throws DomainError BAD_USER_INPUT */
function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE)
    throw new DomainError('BAD_USER_INPUT', `first must lie in [1, ${MAX_PAGE}]`, { details: { field: 'first' } });
  return size;
}
