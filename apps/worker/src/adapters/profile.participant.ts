import type { Banner, CatalogSource } from '@vitrine/catalog';
import type { ChangeNotice, CleanEvent, TransactionParticipant } from '@vitrine/feedback';
import type { VisitorId } from '@vitrine/kernel';
import type { ProfileEvent, ProfileEventApplier } from '@vitrine/profile';
import type { ClientSession } from 'mongoose';

/** Lets profiles learn from clean events in the transaction that stores them. */
export class ProfileParticipant implements TransactionParticipant<ClientSession> {
  constructor(
    private readonly profiles: Pick<ProfileEventApplier, 'apply'>,
    private readonly catalog: Pick<CatalogSource, 'current'>,
  ) {}

  async apply(session: ClientSession, clean: readonly CleanEvent[]): Promise<readonly ChangeNotice[]> {
    const byVisitor = new Map<VisitorId, { readonly signedIn: boolean; readonly events: ProfileEvent[] }>();
    for (const event of clean) {
      const { visitorId } = event.event;
      if (visitorId === null || !event.granted.has('PERSONALIZATION')) continue;
      const visitor = byVisitor.get(visitorId) ?? { signedIn: event.signedIn, events: [] };
      byVisitor.set(visitorId, visitor);
      visitor.events.push(this.toProfileEvent(event));
    }
    if (byVisitor.size === 0) return [];
    const changed = await this.profiles.apply(
      session,
      [...byVisitor].map(([visitorId, visitor]) => ({ visitorId, ...visitor })),
    );
    return changed.map(({ id, revision }) => ({ kind: 'profile', id, revision }));
  }

  /** A banner's own category speaks where the event names none; its campaign is noted once, by the event that made the trial. */
  private toProfileEvent({ event, decision, effects, device }: CleanEvent): ProfileEvent {
    const banner = decision === null ? undefined : this.catalog.current().catalog.banners.get(decision.bannerId);
    return {
      type: event.type,
      occurredAt: event.occurredAt,
      category: event.category ?? banner?.category ?? null,
      productId: event.productId,
      valueMinor: event.value?.amountMinor ?? null,
      dwellMs: event.dwellMs,
      ...shownBy(effects.activatedTrial ? banner : undefined),
      throughBanner: decision !== null,
      device,
      scrollDepth: scrollDepthOf(event.properties),
    };
  }
}

/** What the one event that made a trial says was shown. */
function shownBy(banner: Banner | undefined): Pick<ProfileEvent, 'campaignId' | 'bannerId'> {
  return { campaignId: banner?.campaignId ?? null, bannerId: banner?.id ?? null };
}

/** Browsers report it as the property `scrollDepth`, a share; anything else says nothing. */
function scrollDepthOf(properties: CleanEvent['event']['properties']): number | null {
  const depth = properties?.['scrollDepth'];
  return typeof depth === 'number' && depth >= 0 && depth <= 1 ? depth : null;
}
