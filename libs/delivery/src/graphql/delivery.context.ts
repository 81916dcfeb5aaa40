import type { Principal } from '@vitrine/platform';

/** What delivery's resolvers need of a request. */
export interface DeliveryContext {
  readonly principal: Principal;
  readonly userAgent: string | null;
  /** A bot, or the shop's own people: banners are given and no record is left (D4). */
  readonly bot: boolean;
}
