/** Parameters of policies in which banners share weights. */
export const SHARED_PARAMETERS = {
  buckets: {
    kind: 'number',
    description: 'Features of a banner: a constant and hashed groups. More tell more groups apart; cost grows with the third power.',
    default: 8,
    min: 2,
    max: 32,
    whole: true,
  },
  head: {
    kind: 'number',
    description: 'How many values of the context, from the first on, have shared weights for each feature of a banner.',
    default: 8,
    min: 1,
    max: 32,
    whole: true,
  },
  sharedLambda: {
    kind: 'number',
    description: 'Ridge of the shared weights: how strongly they are drawn to 0.',
    default: 1,
    min: 1e-6,
    max: 1e6,
  },
} as const;

/** Parameter of upper bounds and of Thompson sampling. */
export const ALPHA = {
  kind: 'number',
  description: 'Width of the confidence bound; more explores more.',
  default: 0.5,
  min: 0,
  max: 1e3,
} as const;

export const WIDTH = {
  kind: 'number',
  description: 'Scale of the posterior (noise of one reward); more explores more.',
  default: 0.25,
  min: 1e-6,
  max: 1e3,
} as const;

export const OWN_LAMBDA = {
  kind: 'number',
  description: 'Ridge of the weights of a single banner: how strongly they are drawn to the shared ones.',
  default: 1,
  min: 1e-6,
  max: 1e6,
} as const;
