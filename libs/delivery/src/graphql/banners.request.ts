import { bannerId, placementId, visitorId } from '@vitrine/kernel';
import type { DeviceClass } from '@vitrine/catalog';
import { deviceClassOf } from '@vitrine/feedback';
import type { DecidePageRequest, PageContext } from '../application/page-answer';
import type { BannersInput, DecisionContextInput } from './banners.input';
import type { DeliveryContext } from './delivery.context';
import { parseRequestFeatures } from './request-features';

const TABLET_FROM = 768;
const DESKTOP_FROM = 1024;

/** The use case's request. @throws DomainError BAD_USER_INPUT or FEATURE_VALUE_INVALID for features that are refused */
export function toDecidePageRequest(input: BannersInput, { principal, userAgent, bot }: DeliveryContext): DecidePageRequest {
  return {
    keyId: principal.keyId,
    userId: principal.kind === 'visitor' ? visitorId(principal.userId) : null,
    visitorId: input.visitorId === null || input.visitorId === undefined ? null : visitorId(input.visitorId),
    placements: input.placements.map(({ id, slots, excludeBannerIds }) => ({
      id: placementId(id),
      slots: slots ?? null,
      excludeBannerIds: (excludeBannerIds ?? []).map(bannerId),
    })),
    // The user agent of a server with a secret key says nothing about the shopper's device.
    context: toPageContext(input.context ?? null, principal.kind === 'secret' ? null : userAgent),
    decisionGroupId: input.decisionGroupId ?? null,
    bot,
  };
}

function toPageContext(context: DecisionContextInput | null, userAgent: string | null): PageContext {
  const { device, viewport, locale = null, url = null, category = null, productId = null, features } = context ?? NOTHING_TOLD;
  const parsed = parseRequestFeatures(features);
  if (!parsed.ok) throw parsed.error;
  return { device: device ?? deviceOf(viewport?.width ?? null, userAgent), locale, url, category, productId, features: parsed.value };
}

const NOTHING_TOLD: DecisionContextInput = {};

/** The usual break points of responsive pages, in CSS pixels. */
function deviceOf(width: number | null, userAgent: string | null): DeviceClass {
  if (width === null) return deviceClassOf(userAgent);
  if (width < TABLET_FROM) return 'MOBILE';
  return width < DESKTOP_FROM ? 'TABLET' : 'DESKTOP';
}
