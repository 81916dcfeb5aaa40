import { DomainError } from '@vitrine/kernel';
import type { AudienceCompiler } from './audience';
import { isTimeZone } from './local-time';
import { checkCount, checkId, checkInteger, checkText, checkUnique, invalidField } from './field-check';
import { checkReferences } from './reference-check';
import type { Campaign, DayPart } from './types';

const DAY_MS = 86_400_000;
const MINUTES_PER_DAY = 1_440;
const LAST_MS = 8.64e15;
const MAX_TIER = 1_000;
const MAX_CAP_WINDOW_MS = 90 * DAY_MS;

export interface CampaignReferences {
  /** Ids of existing placements, at least those among `placementIds` that exist. */
  readonly placementIds: ReadonlySet<string>;
  readonly audiences: AudienceCompiler;
}

/**
 * Checks everything that one campaign must hold by itself and towards the placements it names.
 *
 * @throws DomainError BAD_USER_INPUT, UNKNOWN_PLACEMENT or RULE_INVALID with the place in `details.field` (a rule's also in
 *   `details.position`, a 0-based offset into the rule)
 */
export function validateCampaign(campaign: Campaign, references: CampaignReferences): void {
  checkId('id', campaign.id);
  checkText('name', campaign.name, 200);
  if (campaign.goal !== null) checkText('goal', campaign.goal, 500);
  checkCount('placementIds', campaign.placementIds, 200);
  checkUnique('placementIds', campaign.placementIds);
  checkReferences('placementIds', campaign.placementIds, { known: references.placementIds, code: 'UNKNOWN_PLACEMENT' });
  checkFlight(campaign);
  if (!isTimeZone(campaign.timeZone)) throw invalidField('timeZone', 'must be an IANA time zone');
  checkCount('dayParts', campaign.dayParts, 50);
  campaign.dayParts.forEach((part, i) => checkDayPart(`dayParts[${i}]`, part));
  checkInteger('tier', campaign.tier, [0, MAX_TIER]);
  if (campaign.frequencyCap !== null) {
    checkInteger('frequencyCap.limit', campaign.frequencyCap.limit, [1, 1_000_000]);
    checkInteger('frequencyCap.windowMs', campaign.frequencyCap.windowMs, [1, MAX_CAP_WINDOW_MS]);
  }
  if (!(campaign.pacing > 0 && campaign.pacing <= 1)) throw invalidField('pacing', 'must lie in (0, 1]');
  checkAudience(campaign.audience, references.audiences);
}

function checkFlight({ startsAt, endsAt }: Campaign): void {
  if (startsAt !== null) checkInteger('startsAt', startsAt, [-LAST_MS, LAST_MS]);
  if (endsAt !== null) checkInteger('endsAt', endsAt, [-LAST_MS, LAST_MS]);
  if (startsAt !== null && endsAt !== null && startsAt >= endsAt) throw invalidField('endsAt', 'must be later than startsAt');
}

function checkDayPart(field: string, part: DayPart): void {
  checkUnique(`${field}.weekdays`, part.weekdays.map(String));
  part.weekdays.forEach((weekday, i) => checkInteger(`${field}.weekdays[${i}]`, weekday, [1, 7]));
  checkInteger(`${field}.fromMinute`, part.fromMinute, [0, MINUTES_PER_DAY - 1]);
  checkInteger(`${field}.toMinute`, part.toMinute, [0, MINUTES_PER_DAY]);
  if (part.fromMinute === part.toMinute) throw invalidField(`${field}.toMinute`, 'must differ from fromMinute: the part would be empty');
}

function checkAudience(rule: string | null, audiences: AudienceCompiler): void {
  if (rule === null) return;
  const compiled = audiences.compile(rule);
  if (compiled.ok) return;
  const { message, position } = compiled.error;
  throw new DomainError('RULE_INVALID', `audience: ${message}`, {
    details: { field: 'audience', ...(position === null ? {} : { position }) },
  });
}
