import { DomainError } from '@vitrine/kernel';
import type { Caller, GraphqlClient } from '../graphql-client';
import { COUPON_PLACEMENT } from './coupon-catalog';
import type { CouponRow } from './coupon-data';

const IDENTIFY = /* GraphQL */ `
  mutation Arrive($consent: ConsentInput!, $person: IdentifyInput!) {
    setConsent(input: $consent) {
      purposes {
        purpose
        status
      }
    }
    identify(input: $person) {
      status
    }
  }
`;
const DECIDE = /* GraphQL */ `
  query Decide($input: BannersInput!) {
    banners(input: $input) {
      decisions {
        decisionId
        degraded
        layer
        stateRevision
        slots {
          banner {
            id
          }
          token
        }
      }
    }
  }
`;
const RECORD = /* GraphQL */ `
  mutation Record($events: [EventInput!]!) {
    recordEvents(events: $events) {
      results {
        eventId
        status
        code
      }
    }
  }
`;

export interface ShopperDecision {
  readonly bannerId: string | null;
  readonly token: string | null;
  readonly degraded: boolean;
  readonly layer: string;
  readonly stateRevision: number | null;
}

export interface ShownCoupon {
  readonly token: string;
  /** Of the event ids: unique per decision. */
  readonly idPrefix: string;
  readonly nowMs: number;
}

export interface EventAck {
  readonly eventId: string;
  readonly status: string;
  readonly code: string | null;
}

interface DecideData {
  readonly banners: {
    readonly decisions: readonly ({
      readonly degraded: boolean;
      readonly layer: string;
      readonly stateRevision: number | null;
      readonly slots: readonly { readonly banner: { readonly id: string }; readonly token: string }[];
    } | null)[];
  };
}

/** What a person of the data does through the public API. */
export class CouponShopper {
  constructor(private readonly api: GraphqlClient) {}

  /** Consents to every purpose and says who they are, as a signed-in visitor with a user token. */
  async arrive(caller: Caller, row: CouponRow): Promise<void> {
    const userId = personId(row.person);
    const traits = Object.fromEntries(Object.entries(row.traits).filter(([, value]) => value !== ''));
    await this.api.call(caller, IDENTIFY, {
      consent: {
        visitorId: userId,
        purposes: ['ANALYTICS', 'PERSONALIZATION', 'TRAINING'].map((purpose) => ({ purpose, status: 'GRANTED' })),
        source: 'coupon-replay',
      },
      person: { userId, anonymousId: `device-${row.person}`, traits },
    });
  }

  /** Asks for a coupon in the row's situation. */
  async decide(caller: Caller, row: CouponRow, decisionGroupId: string): Promise<ShopperDecision> {
    return this.ask(caller, { visitorId: personId(row.person), features: row.context, decisionGroupId });
  }

  /** A stranger's question in some situation, asked only to see which state revision answers. */
  async probe(caller: Caller, row: CouponRow, visitorId: string): Promise<ShopperDecision> {
    return this.ask(caller, { visitorId, features: row.context });
  }

  /**
   * Sends the impression and, if the coupon was accepted, the click. People take seconds to answer: the replay leaves out the
   * waiting, not the time between the two.
   */
  async respond(caller: Caller, row: CouponRow, shown: ShownCoupon): Promise<readonly EventAck[]> {
    const { token, idPrefix, nowMs } = shown;
    const base = { visitorId: personId(row.person), token };
    const events = [{ ...base, eventId: `${idPrefix}-i`, type: 'IMPRESSION', occurredAt: new Date(nowMs).toISOString() }];
    if (row.accepted) events.push({ ...base, eventId: `${idPrefix}-c`, type: 'CLICK', occurredAt: new Date(nowMs + 2_000).toISOString() });
    const data = (await this.api.call(caller, RECORD, { events })) as { readonly recordEvents: { readonly results: readonly EventAck[] } };
    return data.recordEvents.results;
  }

  private async ask(
    caller: Caller,
    question: { readonly visitorId: string; readonly features: Readonly<Record<string, string>>; readonly decisionGroupId?: string },
  ): Promise<ShopperDecision> {
    const data = (await this.api.call(caller, DECIDE, {
      input: {
        visitorId: question.visitorId,
        placements: [{ id: COUPON_PLACEMENT }],
        context: { device: 'MOBILE', locale: 'en-US', features: question.features },
        ...(question.decisionGroupId === undefined ? {} : { decisionGroupId: question.decisionGroupId }),
      },
    })) as DecideData;
    const decision = data.banners.decisions[0];
    if (decision === undefined || decision === null) throw new DomainError('INTERNAL', 'the gateway answered no decision');
    const slot = decision.slots[0];
    const { degraded, layer, stateRevision } = decision;
    return { bannerId: slot?.banner.id ?? null, token: slot?.token ?? null, degraded, layer, stateRevision };
  }
}

export function personId(person: number): string {
  return `person-${person}`;
}
