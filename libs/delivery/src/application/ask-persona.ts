import { invariant, visitorId, type VisitorId } from '@vitrine/kernel';
import type { DeviceClass } from '@vitrine/catalog';
import { applyEvents, emptyFeatures, newProfile, type Profile, type ProfileEvent, type Traits } from '@vitrine/profile';
import type { DecisionRecord } from '../domain/types';
import { DecidePage, type DecidePageDeps } from './decide-page';
import type { DecidePageRequest, PlacementFailure, PlacementOutcome, SlotAnswer } from './page-answer';
import type { SegmentMemory, SegmentSource } from './ports';

/** A person that does not exist. */
export interface Persona {
  readonly device: DeviceClass | null;
  readonly locale: string | null;
  readonly traits: Traits;
  /** Null lets the live segment model place the persona. */
  readonly segmentId: string | null;
  /** Whether the persona consents to PERSONALIZATION. */
  readonly personalized: boolean;
  /** What the persona did. */
  readonly events: readonly ProfileEvent[];
}

export interface AskPersonaCommand {
  readonly persona: Persona;
  /** Its visitor only stands for the persona where a hash of one matters: held-out shares and sticky draws. */
  readonly request: Pick<DecidePageRequest, 'keyId' | 'visitorId' | 'placements' | 'context'>;
}

/** A decision with all that it depended on, and nothing that a client could use. */
export interface PersonaDecision {
  readonly record: DecisionRecord;
  readonly slots: readonly Pick<SlotAnswer, 'position' | 'banner' | 'creative'>[];
}

export type PersonaOutcome =
  { readonly ok: true; readonly value: PersonaDecision } | { readonly ok: false; readonly error: PlacementFailure };

const NO_MEMORY: SegmentMemory = { remember: () => undefined, recall: () => null, forget: () => undefined };

export type AskPersonaDeps = Pick<DecidePageDeps, 'offers' | 'policies' | 'keys' | 'clock' | 'hasher' | 'segments'>;

/**
 * What would be shown to somebody like this? Decided by the very use case that decides for shoppers, over what is live now; what it
 * writes and hands out is replaced: the log is this call's own, no answer is remembered, no token is sealed, no profile is read.
 */
export class AskPersona {
  constructor(private readonly deps: AskPersonaDeps) {}

  /** @returns one outcome per placement, in their order; codes as `DecidePage` gives them */
  async execute({ persona, request }: AskPersonaCommand): Promise<readonly PersonaOutcome[]> {
    const { keys, clock } = this.deps;
    const person = request.visitorId ?? visitorId(keys.freshId()); // always the same one would be held out for good, or never
    const records = new Map<string, DecisionRecord>();
    const profile = profileOf(persona, person, clock.now());
    const page = new DecidePage({
      ...this.deps,
      segments: segmentsOf(persona, this.deps.segments),
      memory: NO_MEMORY,
      profiles: { read: async () => ({ status: 'found', profile }) },
      consentDefault: 'DENIED',
      tokens: { seal: () => '' },
      firstAnswers: { settle: async () => ({ status: 'FIRST' }) },
      log: { append: (decided) => decided.forEach((record) => records.set(record.id, record)) },
    });
    const answer = await page.execute({ ...request, userId: null, visitorId: person, decisionGroupId: null, bot: false });
    return answer.decisions.map((outcome) => explained(outcome, records));
  }
}

function explained(outcome: PlacementOutcome, records: ReadonlyMap<string, DecisionRecord>): PersonaOutcome {
  if (!outcome.ok) return outcome;
  const record = records.get(outcome.value.decisionId);
  invariant(record !== undefined, 'every decision is recorded');
  return {
    ok: true,
    value: { record, slots: outcome.value.slots.map(({ position, banner, creative }) => ({ position, banner, creative })) },
  };
}

function profileOf({ device, locale, traits, personalized, events }: Persona, alias: VisitorId, nowMs: number): Profile {
  const status = personalized ? 'GRANTED' : 'DENIED';
  return {
    ...newProfile({ id: alias, alias, userId: null, nowMs }),
    device,
    locale,
    traits,
    consent: { PERSONALIZATION: { status, at: nowMs, source: 'persona' } },
    features: applyEvents(emptyFeatures(), events),
  };
}

/** A segment that the persona names is hers, whatever the live model would say; she stands in its middle where that model has it. */
function segmentsOf({ segmentId }: Persona, live: SegmentSource): SegmentSource {
  if (segmentId === null) return live;
  const model = live.current();
  const middleOf = (id: string): Float64Array | null => model?.middleOf(id) ?? null;
  return {
    current: () => ({ modelVersion: model?.modelVersion ?? 0, middleOf, place: () => ({ segmentId, embedding: middleOf(segmentId) }) }),
  };
}
