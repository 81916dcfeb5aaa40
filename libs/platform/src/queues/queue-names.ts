/** BullMQ prefix; the braces are a hash tag, so that every key of a queue lies in one Redis Cluster slot. */
export const QUEUE_PREFIX = '{vitrine}';

export const feedbackQueueName = (partition: number): string => `feedback-${partition}`;
export const QUEUES = {
  decisionLog: 'decision-log',
  fold: 'fold',
  segments: 'segments',
  maintenance: 'maintenance',
} as const;

/** Job options of every queue: retried with backoff, failed jobs stay visible, completed ones leave soon. */
export const JOB_OPTIONS = {
  attempts: 10,
  backoff: { type: 'exponential', delay: 200 },
  removeOnComplete: { age: 600, count: 1_000 },
  removeOnFail: false,
} as const;

/**
 * For accepted facts (events, decisions, folds): tried every second for an hour before a person must look, so that a database may be away
 * for long without stranding what was accepted. Payloads that no retry can mend fail at once. A finished job leaves no copy: its payload
 * names visitors, who may not have consented.
 */
export const PATIENT_JOB_OPTIONS = {
  ...JOB_OPTIONS,
  attempts: 3_600,
  backoff: { type: 'fixed', delay: 1_000 },
  removeOnComplete: true,
} as const;

/** Worker options that let a job survive many crashes of its worker (effects are idempotent, so running again is safe). */
export const WORKER_OPTIONS = { maxStalledCount: 1_000, stalledInterval: 5_000, lockDuration: 30_000 } as const;
