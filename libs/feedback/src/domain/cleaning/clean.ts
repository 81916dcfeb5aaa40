import { DomainError } from '@vitrine/kernel';
import type { IncomingEvent } from '../types';
import { botRateRule } from './bot-rate.rule';
import { botRule } from './bot.rule';
import {
  CLEANING_RULE_NAMES,
  type Candidate,
  type ChunkRule,
  type CleaningNote,
  type CleaningRuleName,
  type EventRule,
  type Rejection,
} from './cleaning-rule';
import { clockSkewRule } from './clock-skew.rule';
import { currencyRule, type CurrencySettings } from './currency.rule';
import { duplicateRule } from './duplicate.rule';
import { impossibleTimingRule } from './impossible-timing.rule';
import { internalTrafficRule } from './internal-traffic.rule';
import { outlierRules, type OutlierSettings } from './outlier.rule';
import { schemaRule } from './schema.rule';

export interface CleaningSettings extends CurrencySettings, OutlierSettings {
  /** Names of rules that this deployment does without. */
  readonly disabled: readonly string[];
}

/** An event as the rules leave it, with what they noticed; or why it goes. */
export type Judgement =
  | { readonly kind: 'CLEAN'; readonly event: IncomingEvent; readonly notes: readonly CleaningNote[] }
  | { readonly kind: 'REJECTED'; readonly rejection: Rejection };

/** The rules of one deployment. */
export interface Cleaning {
  isOn(rule: CleaningRuleName): boolean;
  /** Rules that see one event; the first that objects names the reason, those that mend hand on what they mended. */
  judge(candidate: Candidate): Judgement;
  /** Rules that see what came together, over the events that `judge` let pass. */
  judgeTogether(events: readonly IncomingEvent[]): ReadonlyMap<string, Rejection>;
  /**
   * The verdict of a rule that judged an event by the company it came in, which is gone when the event comes again alone: it stands for as
   * long as that rule is on. Null for every other rule.
   */
  standing(rule: string): Rejection | null;
}

const CHUNK_RULES: readonly ChunkRule[] = [duplicateRule, botRateRule];

/** @throws DomainError CONFIG_INVALID for a name that is no rule's */
export function createCleaning(settings: CleaningSettings): Cleaning {
  const disabled = new Set(settings.disabled.map(ruleNamed));
  const isOn = (name: CleaningRuleName): boolean => !disabled.has(name);
  const all = [
    botRule,
    internalTrafficRule,
    schemaRule,
    clockSkewRule,
    impossibleTimingRule,
    currencyRule(settings),
    ...outlierRules(settings),
  ];
  const eventRules = all.filter(({ name }) => isOn(name));
  const chunkRules = CHUNK_RULES.filter(({ name }) => isOn(name));
  return {
    isOn,
    judge: (candidate) => judge(eventRules, candidate),
    judgeTogether: (events) => judgeTogether(chunkRules, events),
    standing: (rule) => rejectionBy(chunkRules.find(({ name }) => name === rule)),
  };
}

function ruleNamed(text: string): CleaningRuleName {
  const name = CLEANING_RULE_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  throw new DomainError('CONFIG_INVALID', `CLEANING_DISABLED names no rule "${text}"; the rules are ${CLEANING_RULE_NAMES.join(', ')}`);
}

function judge(rules: readonly EventRule[], candidate: Candidate): Judgement {
  let { event } = candidate;
  const notes: CleaningNote[] = [];
  for (const { name, check } of rules) {
    const finding = check({ ...candidate, event });
    if (finding?.kind === 'REJECT') return { kind: 'REJECTED', rejection: { rule: name, code: finding.code } };
    if (finding === null) continue;
    event = finding.event;
    notes.push({ rule: name, was: finding.was });
  }
  return { kind: 'CLEAN', event, notes };
}

function judgeTogether(rules: readonly ChunkRule[], events: readonly IncomingEvent[]): ReadonlyMap<string, Rejection> {
  const rejections = new Map<string, Rejection>();
  for (const { name, code, check } of rules) {
    const left = events.filter(({ eventId }) => !rejections.has(eventId));
    for (const eventId of check(left)) rejections.set(eventId, { rule: name, code });
  }
  return rejections;
}

const rejectionBy = (rule: ChunkRule | undefined): Rejection | null => (rule === undefined ? null : { rule: rule.name, code: rule.code });
