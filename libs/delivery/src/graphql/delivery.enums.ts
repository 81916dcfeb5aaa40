import { registerEnumType } from 'type-graphql';
import { REJECTION_REASONS } from '@vitrine/catalog';
import { LAYERS } from '@vitrine/feedback';
import { CONSENT_TIERS, LADDER_STEPS, SELECTIONS } from '../domain/types';

const enumOf = <T extends string>(values: readonly T[]): Readonly<Record<string, T>> =>
  Object.fromEntries(values.map((value) => [value, value]));

export const DecisionLayerEnum = enumOf(LAYERS);
registerEnumType(DecisionLayerEnum, {
  name: 'DecisionLayer',
  description: 'Why a decision was made the way it was.',
  valuesConfig: {
    HOLDOUT: { description: 'The visitor is held out: fixed order, no personalization.' },
    CONTROL: { description: 'The visitor is in a control group.' },
    EXPLORE: { description: 'The first slot shows something other than what is held most likely to be best.' },
    EXPLOIT: { description: 'The first slot shows what is held most likely to be best.' },
    DEFAULT: { description: 'Nothing was eligible: the fallback of the placement.' },
  },
});

export const LadderStepEnum = enumOf(LADDER_STEPS);
registerEnumType(LadderStepEnum, {
  name: 'LadderStep',
  description: 'Which step of the degradation ladder answered.',
  valuesConfig: {
    PERSONAL: { description: 'The live policy with all that it may know.' },
    SEGMENT: {
      description: "The live policy on the visitor's segment as it was remembered, or on the request alone: the profile could not be read.",
    },
    CONTEXT_FREE: { description: 'An even draw, as no state of the policy could be had; or the fixed order of a held-out visitor.' },
    FALLBACK: { description: 'The fallback banners of the placement.' },
  },
});

export const SelectionEnum = enumOf(SELECTIONS);
registerEnumType(SelectionEnum, {
  name: 'Selection',
  description: 'How the slots of a decision were filled.',
  valuesConfig: {
    DRAW: { description: 'Drawn for this decision alone.' },
    STICKY: { description: 'As the draws of this visitor fell for the period: the banners stay while their probabilities do.' },
    FIXED: { description: 'In a fixed order; nothing was drawn.' },
  },
});

export const ConsentTierEnum = enumOf(CONSENT_TIERS);
registerEnumType(ConsentTierEnum, { name: 'ConsentTier', description: 'What the decision was allowed to know.' });

export const RejectionReasonEnum = enumOf(REJECTION_REASONS);
registerEnumType(RejectionReasonEnum, { name: 'RejectionReason', description: 'Why a banner was not eligible.' });

export const REPLAY_STATUSES = ['REPLAYED', 'NOT_REPLAYABLE', 'NOT_REPLAYABLE_ERASED'] as const;
export const ReplayStatusEnum = enumOf(REPLAY_STATUSES);
registerEnumType(ReplayStatusEnum, {
  name: 'ReplayStatus',
  description: 'Whether the distribution of a decision could be derived again.',
  valuesConfig: {
    NOT_REPLAYABLE: { description: 'The state behind it is no longer held.' },
    NOT_REPLAYABLE_ERASED: { description: 'Evidence behind it was erased.' },
  },
});
