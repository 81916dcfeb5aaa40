import type { PlacementId, PolicyVersionId, VisitorHash } from '@vitrine/kernel';
import type { CleanEvent } from '../domain/clean-event';
import { applyToTrial, newTrial, trialKey, type Trial, type TrialRules, type TrialStep } from '../domain/trial';
import type { LedgerEntry } from '../domain/types';
import type { FeedbackCatalog, StoredTrial } from './processing.ports';

/** Of a version that is gone: no linear version claims its contexts. */
const UNKNOWN_SCHEMA = -1;

export interface Learned {
  /** The events again, with what they meant to their trials. */
  readonly clean: readonly CleanEvent[];
  readonly trials: readonly StoredTrial[];
  readonly entries: ReadonlyMap<PlacementId, readonly LedgerEntry[]>;
}

/** Takes a chunk's events into their trials, one after the other, in memory. */
export class TrialKeeper {
  private readonly rules = new Map<PlacementId, TrialRules | null>();
  private readonly schemas = new Map<PolicyVersionId, number>();

  constructor(private readonly catalog: FeedbackCatalog) {}

  keysOf(clean: readonly CleanEvent[]): readonly string[] {
    return [...new Set(clean.flatMap(({ decision }) => (decision === null ? [] : [trialKey(decision)])))];
  }

  async take(clean: readonly CleanEvent[], stored: ReadonlyMap<string, Trial>): Promise<Learned> {
    const trials = new Map<string, StoredTrial>();
    const entries = new Map<PlacementId, LedgerEntry[]>();
    const learned: CleanEvent[] = [];
    for (const event of clean) {
      const step = await this.stepOf(event, (key) => trials.get(key)?.trial ?? stored.get(key) ?? newTrial(key));
      learned.push(step === null ? event : { ...event, effects: step.effects });
      if (step === null) continue;
      const { key } = step.trial;
      trials.set(key, { trial: step.trial, visitorHash: trainingHash(event) ?? trials.get(key)?.visitorHash ?? null });
      const ofPlacement = entries.get(step.placementId) ?? [];
      if (step.entries.length > 0) entries.set(step.placementId, [...ofPlacement, ...step.entries]);
    }
    return { clean: learned, trials: [...trials.values()], entries };
  }

  /** Null for an event that belongs to no decision, or to a placement that is gone. */
  private async stepOf(
    clean: CleanEvent,
    trialOf: (key: string) => Trial,
  ): Promise<(TrialStep & { readonly placementId: PlacementId }) | null> {
    const { event, decision } = clean;
    const rules = decision === null ? null : await this.rulesOf(decision.placementId);
    if (decision === null || rules === null) return null;
    const featureSchema = await this.schemaOf(decision.policyVersionId);
    const input = { event, decision, featureSchema, visitorHash: trainingHash(clean) };
    return { ...applyToTrial(trialOf(trialKey(decision)), input, rules), placementId: decision.placementId };
  }

  /** Asked once per chunk: all its events are read by the same rules. */
  private async rulesOf(id: PlacementId): Promise<TrialRules | null> {
    const held = this.rules.get(id);
    if (held !== undefined) return held;
    const rules = await this.catalog.placement(id);
    this.rules.set(id, rules);
    return rules;
  }

  private async schemaOf(id: PolicyVersionId): Promise<number> {
    const held = this.schemas.get(id);
    if (held !== undefined) return held;
    const schema = (await this.catalog.featureSchema(id)) ?? UNKNOWN_SCHEMA;
    this.schemas.set(id, schema);
    return schema;
  }
}

/** Rows that learning keeps name the visitor only where both learning and personalization are allowed (D7). */
function trainingHash({ decision, granted }: CleanEvent): VisitorHash | null {
  return decision !== null && granted.has('TRAINING') && granted.has('PERSONALIZATION') ? decision.visitorHash : null;
}
