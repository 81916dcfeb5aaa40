import type { Principal } from '@vitrine/platform';

/** What delivery's resolvers need of a request. */
export interface DeliveryContext {
  readonly principal: Principal;
  readonly userAgent: string | null;
  /** The client looks like a bot: it gets banners and leaves no record (D4). */
  readonly bot: boolean;
}
