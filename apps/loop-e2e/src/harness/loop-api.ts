import { DomainError } from '@vitrine/kernel';
import { eventually } from '@vitrine/testing';

export const PUBLISHABLE_KEY = 'pk_loop_0123456789abcdef';
export const OTHER_PUBLISHABLE_KEY = 'pk_other_0123456789abcdef';
export const SECRET_KEY = 'sk_loop_0123456789abcdef0123456789abcdef';
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0';
const MIN_HUMAN_DELAY_MS = 60;

export interface GraphqlError {
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string };
}
export interface Answer<T> {
  readonly status: number;
  readonly data: T | null;
  readonly errors: readonly GraphqlError[];
}
export interface Slot {
  readonly position: number;
  readonly token: string;
  readonly banner: { readonly id: string };
}
export interface Decision {
  readonly decisionId: string;
  readonly placementId: string;
  readonly degraded: boolean;
  readonly stateRevision?: number | null;
  readonly slots: readonly Slot[];
}
export interface BannersData {
  readonly banners: { readonly decisionGroupId: string; readonly decisions: readonly (Decision | null)[] };
}
export interface Outcome {
  readonly eventId: string;
  readonly status: string;
  readonly code: string | null;
}

const DECIDE = (more: string): string => `query ($input: BannersInput!) { banners(input: $input) {
  decisionGroupId decisions { decisionId placementId degraded layer ${more} slots { position token clickUrl banner { id } creative { id } } } } }`;
const RECORD = 'mutation ($events: [EventInput!]!) { recordEvents(events: $events) { results { eventId status code } } }';

/** Asks one gateway by HTTP, as callers in the world do. */
export class LoopApi {
  constructor(readonly url: string) {}

  async ask<T = Readonly<Record<string, unknown>>>(key: string | null, query: string, variables: object = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...(key === null ? {} : { 'x-vitrine-key': key }) },
      body: JSON.stringify({ query, variables }),
    });
    const { data = null, errors = [] }: { data?: T | null; errors?: readonly GraphqlError[] } = JSON.parse(await response.text());
    return { status: response.status, data, errors };
  }

  /** @throws DomainError INTERNAL when the answer carries an error */
  async must<T = Readonly<Record<string, unknown>>>(key: string, query: string, variables: object = {}): Promise<T> {
    const { data, errors } = await this.ask<T>(key, query, variables);
    if (data === null || errors.length > 0) throw new DomainError('INTERNAL', `the answer was refused: ${JSON.stringify(errors)}`);
    return data;
  }

  banners(input: object, key = PUBLISHABLE_KEY): Promise<Answer<BannersData>> {
    return this.ask<BannersData>(key, DECIDE(key === SECRET_KEY ? 'stateRevision' : ''), { input });
  }

  /** One decision for one placement that was decided in full. */
  async decide(visitorId: string, placementId: string, key = PUBLISHABLE_KEY): Promise<Decision> {
    const { data, errors } = await this.banners({ visitorId, placements: [{ id: placementId }] }, key);
    const decision = data?.banners.decisions[0];
    if (!decision) throw new DomainError('INTERNAL', `nothing was decided: ${JSON.stringify(errors)}`);
    return decision;
  }

  async record(events: readonly object[], key = PUBLISHABLE_KEY): Promise<readonly Outcome[]> {
    const { recordEvents } = await this.must<{ recordEvents: { results: readonly Outcome[] } }>(key, RECORD, { events });
    return recordEvents.results;
  }

  async grant(visitorId: string): Promise<void> {
    const purposes = ['PERSONALIZATION', 'ANALYTICS', 'TRAINING'].map((purpose) => ({ purpose, status: 'GRANTED' }));
    await this.must(SECRET_KEY, 'mutation ($input: ConsentInput!) { setConsent(input: $input) { profileKept } }', {
      input: { visitorId, source: 'test', purposes },
    });
  }
}

export function tokenOf(decision: Decision): string {
  const [slot] = decision.slots;
  if (slot === undefined) throw new DomainError('INTERNAL', 'the decision has no slot');
  return slot.token;
}

/** Showing and clicking one decided banner, with ids that tell them apart. */
export function shownAndClicked(visitorId: string, decision: Decision): readonly object[] {
  const occurredAt = new Date().toISOString();
  const token = tokenOf(decision);
  return [
    { eventId: `${decision.decisionId}-seen`, type: 'IMPRESSION', occurredAt, visitorId, token },
    { eventId: `${decision.decisionId}-click`, type: 'CLICK', occurredAt, visitorId, token },
  ];
}

/** Lets so much time pass that a click on what was just decided is no machine's. */
export async function untilHuman(since = Date.now()): Promise<void> {
  await eventually(() => Date.now() - since > MIN_HUMAN_DELAY_MS, { what: 'a person to react' });
}
