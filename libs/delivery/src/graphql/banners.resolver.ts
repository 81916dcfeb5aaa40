import { scopesOf } from '@vitrine/platform';
import { Arg, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { DecidePage } from '../application/decide-page';
import { BannersInput } from './banners.input';
import { toDecidePageRequest } from './banners.request';
import { BannersPayload } from './banners.types';
import type { DeliveryContext } from './delivery.context';

@Resolver()
export class BannersResolver {
  constructor(private readonly decide: Pick<DecidePage, 'execute'>) {}

  @Authorized('decide')
  @Query(() => BannersPayload, { description: 'Chooses banners for the placements of one page.' })
  async banners(@Arg('input', () => BannersInput) input: BannersInput, @Ctx() context: DeliveryContext): Promise<BannersPayload> {
    const answer = await this.decide.execute(toDecidePageRequest(input, context));
    return new BannersPayload(answer, scopesOf(context.principal).has('decision:read'));
  }
}
