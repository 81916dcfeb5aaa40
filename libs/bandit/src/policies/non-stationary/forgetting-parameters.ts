const DAY = 86_400_000;

/** How a policy discounts. */
export const DISCOUNT_PARAMETERS = {
  halfLifeMs: {
    kind: 'number',
    unit: 'ms',
    whole: true,
    description: 'Time after which a trial counts half: about a third of the time for which rates stay the same, or less.',
    default: 7 * DAY,
    min: 1000,
    max: 3650 * DAY,
  },
} as const;

/** What a policy's window is. */
export const WINDOW_PARAMETERS = {
  windowMs: {
    kind: 'number',
    unit: 'ms',
    whole: true,
    description: 'Time after which a trial no longer counts: at most the time for which rates stay the same.',
    default: 7 * DAY,
    min: 1000,
    max: 3650 * DAY,
  },
  buckets: {
    kind: 'number',
    unit: 'buckets',
    whole: true,
    description: 'Pieces of the window; a trial leaves it with its piece.',
    default: 28,
    min: 2,
    max: 1000,
  },
} as const;

/** The width of a bound that forgets. */
export const BOUND_PARAMETERS = {
  xi: {
    kind: 'number',
    description: 'Exploration; the analysis asks for more than 0.5, less explores less.',
    default: 0.6,
    min: 0,
    max: 1e3,
  },
  rewardBound: { kind: 'number', unit: 'reward', description: 'Largest reward (B of the paper).', default: 1, min: 1e-9, max: 1e9 },
} as const;
