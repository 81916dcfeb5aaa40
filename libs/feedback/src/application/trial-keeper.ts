import type { PlacementId, VisitorHash } from '@vitrine/kernel';
import type { CleanEvent } from '../domain/clean-event';
import { applyToTrial, newTrial, trialKey, type Trial } from '../domain/trial';
import type { LedgerEntry } from '../domain/types';
import type { FeedbackCatalog, StoredTrial } from './processing.ports';

export interface Learned {
  /** The events again, with what they meant to their trials. */
  readonly clean: readonly CleanEvent[];
  readonly trials: readonly StoredTrial[];
  readonly entries: ReadonlyMap<PlacementId, readonly LedgerEntry[]>;
}

/** Takes a chunk's events into their trials, one after the other, in memory. */
export class TrialKeeper {
  constructor(private readonly catalog: FeedbackCatalog) {}

  keysOf(clean: readonly CleanEvent[]): readonly string[] {
    return [...new Set(clean.flatMap(({ decision }) => (decision === null ? [] : [trialKey(decision)])))];
  }

  async take(clean: readonly CleanEvent[], stored: ReadonlyMap<string, Trial>): Promise<Learned> {
    const trials = new Map<string, StoredTrial>();
    const entries = new Map<PlacementId, LedgerEntry[]>();
    const learned: CleanEvent[] = [];
    for (const event of clean) {
      const { decision } = event;
      const rules = decision === null ? null : await this.catalog.placement(decision.placementId);
      if (decision === null || rules === null) {
        learned.push(event);
        continue;
      }
      const key = trialKey(decision);
      const before = trials.get(key)?.trial ?? stored.get(key) ?? newTrial(key);
      const featureSchema = (await this.catalog.featureSchema(decision.policyVersionId)) ?? 0;
      const visitorHash = trainingHash(event);
      const step = applyToTrial(before, { event: event.event, decision, featureSchema, visitorHash }, rules);
      trials.set(key, { trial: step.trial, visitorHash: visitorHash ?? trials.get(key)?.visitorHash ?? null });
      if (step.entries.length > 0) entries.set(decision.placementId, [...(entries.get(decision.placementId) ?? []), ...step.entries]);
      learned.push({ ...event, effects: step.effects });
    }
    return { clean: learned, trials: [...trials.values()], entries };
  }
}

/** Rows that learning keeps name the visitor only where both learning and personalization are allowed (D7). */
function trainingHash({ decision, granted }: CleanEvent): VisitorHash | null {
  return decision !== null && granted.has('TRAINING') && granted.has('PERSONALIZATION') ? decision.visitorHash : null;
}
