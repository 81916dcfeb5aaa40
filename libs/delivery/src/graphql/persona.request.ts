import { DomainError } from '@vitrine/kernel';
import { parseTraitPatch, type ProfileEvent, type Traits, type TraitValue } from '@vitrine/profile';
import type { AskPersonaCommand, Persona } from '../application/ask-persona';
import type { BannersInput } from './banners.input';
import { toDecidePageRequest } from './banners.request';
import type { DeliveryContext } from './delivery.context';
import type { PersonaEventInput, PersonaInput } from './persona.input';

export interface PersonaQuestion {
  readonly persona: PersonaInput;
  readonly input: BannersInput;
  readonly principal: DeliveryContext['principal'];
  readonly nowMs: number;
}

/**
 * What the use case is asked. The caller's own user agent says nothing about the persona.
 *
 * @throws DomainError BAD_USER_INPUT for traits that are none and for events to come, naming the place; as `toDecidePageRequest` does
 */
export function toAskPersona({ persona, input, principal, nowMs }: PersonaQuestion): AskPersonaCommand {
  const { device, locale } = persona;
  const context = { ...input.context, device: input.context?.device ?? device ?? null, locale: input.context?.locale ?? locale ?? null };
  const request = toDecidePageRequest({ ...input, context }, { principal, userAgent: null, bot: false });
  return { persona: toPersona(persona, request.context.device, nowMs), request };
}

function toPersona({ locale, traits, segmentId, personalized, events }: PersonaInput, device: Persona['device'], nowMs: number): Persona {
  return {
    device,
    locale: locale ?? null,
    traits: toTraits(traits ?? {}),
    segmentId: segmentId ?? null,
    personalized,
    events: events.map((event, at) => toEvent(event, { at, device, nowMs })),
  };
}

function toTraits(input: unknown): Traits {
  const parsed = parseTraitPatch(input);
  if (!parsed.ok) throw new DomainError('BAD_USER_INPUT', parsed.error, { details: { fields: ['persona.traits'] } });
  return Object.fromEntries(Object.entries(parsed.value).filter((entry): entry is [string, TraitValue] => entry[1] !== null));
}

interface Place {
  readonly at: number;
  readonly device: Persona['device'];
  readonly nowMs: number;
}

function toEvent(input: PersonaEventInput, { at, device, nowMs }: Place): ProfileEvent {
  const occurredAt = input.occurredAt.getTime();
  if (occurredAt > nowMs) {
    const details = { fields: [`persona.events.${at}.occurredAt`] };
    throw new DomainError('BAD_USER_INPUT', 'a persona has no future', { details });
  }
  return {
    type: input.type,
    occurredAt,
    category: input.category ?? null,
    productId: input.productId ?? null,
    valueMinor: input.valueMinor ?? null,
    dwellMs: input.dwellMs ?? null,
    scrollDepth: input.scrollDepth ?? null,
    campaignId: input.campaignId ?? null,
    bannerId: input.bannerId ?? null,
    throughBanner: input.throughBanner,
    device,
  };
}
