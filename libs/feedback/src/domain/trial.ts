import type { ActivationEvent, Placement } from '@vitrine/catalog';
import type { VisitorHash } from '@vitrine/kernel';
import { activates, provenBy } from './activation';
import { rewardEventOf, rewardOfTrial, type RewardEvent } from './reward-event';
import type { IncomingEvent, LedgerEntry, SealedDecision } from './types';

/** How much of one decision's slot is known to have happened; read and written inside the transaction that learns of it. */
export interface Trial {
  /** `<decision>:<slot>`. */
  readonly key: string;
  /** When its decision was made; null before the first event, and in rows that were last written before it was kept. */
  readonly decidedAt: number | null;
  readonly activatedAt: number | null;
  readonly proven: readonly ActivationEvent[];
  readonly clicked: boolean;
  readonly converted: boolean;
  /** Its reward events as they happened, in order of arrival, whatever the placement's reward makes of them. */
  readonly contributions: readonly RewardEvent[];
  /** Sum of the ledger's entries for it; meaningless before the activation. */
  readonly earned: number;
}

/** What an event meant to the trial it belongs to; counters and profiles add these up. */
export interface TrialEffects {
  /** Proofs of showing that are new with this event. */
  readonly proven: readonly ActivationEvent[];
  /** The decision became a trial. */
  readonly activatedTrial: boolean;
  /** The trial is activated and clicked (bought from) for the first time. */
  readonly clickedTrial: boolean;
  readonly convertedTrial: boolean;
}

export const NO_EFFECTS: TrialEffects = { proven: [], activatedTrial: false, clickedTrial: false, convertedTrial: false };

/** A trial remembers this many reward events; what comes after earns nothing, so that no client can grow a row without end. */
export const MAX_CONTRIBUTIONS = 100;

export type TrialRules = Pick<Placement, 'activation' | 'reward' | 'attributionWindowMs'>;

export interface TrialEvent {
  readonly event: IncomingEvent;
  readonly decision: SealedDecision;
  /** Gives the decision's context its meaning. */
  readonly featureSchema: number;
  /** Null without consent (D7). */
  readonly visitorHash: VisitorHash | null;
}

export interface TrialStep {
  readonly trial: Trial;
  readonly entries: readonly LedgerEntry[];
  readonly effects: TrialEffects;
}

export const trialKey = (decision: SealedDecision): string => `${decision.decisionId}:${decision.slot}`;

export function newTrial(key: string): Trial {
  return { key, decidedAt: null, activatedAt: null, proven: [], clicked: false, converted: false, contributions: [], earned: 0 };
}

/**
 * Takes one event into a trial. Only the placement's proof of showing makes it a trial, once, with the default reward; rewards that
 * come first are parked and released by the activation. Rewards outside the attribution window earn nothing; a refund has no window,
 * for it only takes back. Whatever the event, the trial ends at the reward of all its events under the rules in force.
 */
export function applyToTrial(trial: Trial, input: TrialEvent, rules: TrialRules): TrialStep {
  const { event, decision } = input;
  const late = event.occurredAt - decision.decidedAt > rules.attributionWindowMs;
  const proven = provenBy(event.type).filter((proof) => !trial.proven.includes(proof));
  const activatedTrial = trial.activatedAt === null && !late && activates(event.type, rules.activation);
  const next: Trial = {
    ...trial,
    decidedAt: decision.decidedAt,
    activatedAt: activatedTrial ? event.occurredAt : trial.activatedAt,
    proven: [...trial.proven, ...proven],
    clicked: trial.clicked || (event.type === 'CLICK' && !late),
    converted: trial.converted || (event.type === 'PURCHASE' && !late),
    contributions: contributionsAfter(trial, event, late),
    earned: activatedTrial ? rules.reward.defaultReward : trial.earned,
  };
  const clickedTrial = countsAs('clicked', next) && !countsAs('clicked', trial);
  const convertedTrial = countsAs('converted', next) && !countsAs('converted', trial);
  return { ...settled(next, input, rules, activatedTrial), effects: { proven, activatedTrial, clickedTrial, convertedTrial } };
}

function contributionsAfter({ contributions }: Trial, event: IncomingEvent, late: boolean): Trial['contributions'] {
  if (contributions.length >= MAX_CONTRIBUTIONS || (late && event.type !== 'REFUND')) return contributions;
  const rewarding = rewardEventOf(event);
  return rewarding === null ? contributions : [...contributions, rewarding];
}

function countsAs(sign: 'clicked' | 'converted', trial: Trial): boolean {
  return trial.activatedAt !== null && trial[sign];
}

/** Appends what the ledger lacks: the trial itself when it was just activated, then the difference to what it had earned. */
function settled(trial: Trial, input: TrialEvent, rules: TrialRules, activatedTrial: boolean): Omit<TrialStep, 'effects'> {
  const entries: LedgerEntry[] = [];
  if (trial.activatedAt === null) return { trial, entries };
  const { activatedAt } = trial;
  if (activatedTrial)
    entries.push(entryOf(input, { kind: 'TRIAL', id: `${trial.key}:t`, reward: rules.reward.defaultReward, earnedBefore: 0, activatedAt }));
  const total = rewardOfTrial({ contributions: trial.contributions, decidedAt: input.decision.decidedAt }, rules);
  const delta = total - trial.earned;
  if (delta !== 0)
    entries.push(entryOf(input, { kind: 'REWARD', id: input.event.eventId, reward: delta, earnedBefore: trial.earned, activatedAt }));
  return { trial: { ...trial, earned: total }, entries };
}

function entryOf(
  { event, decision, featureSchema, visitorHash }: TrialEvent,
  said: Pick<LedgerEntry, 'id' | 'kind' | 'reward' | 'earnedBefore' | 'activatedAt'>,
): LedgerEntry {
  return {
    ...said,
    decisionId: decision.decisionId,
    slot: decision.slot,
    bannerId: decision.bannerId,
    policyVersionId: decision.policyVersionId,
    propensity: decision.propensity,
    steps: decision.context.steps,
    featureSchema,
    visitorHash,
    occurredAt: event.occurredAt,
    eventId: event.eventId,
  };
}
