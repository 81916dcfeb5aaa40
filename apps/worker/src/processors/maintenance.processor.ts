import type { FindPlacementsWithWork, FoldRequester, PublishPriors } from '@vitrine/feedback';
import { DomainError } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import type { SweepErasures } from '@vitrine/profile';
import type { CheckDrift, TrainingStarter } from '@vitrine/segment';
import { UnrecoverableError, type Job } from 'bullmq';

export const MAINTENANCE_JOBS = [
  'sweep-folds',
  'sweep-erasures',
  'publish-priors',
  'train-segments',
  'check-drift',
  'reseal-personal',
  'expire',
] as const;
export type MaintenanceJob = (typeof MAINTENANCE_JOBS)[number];

export interface MaintenanceDeps {
  readonly work: Pick<FindPlacementsWithWork, 'execute'>;
  readonly folds: FoldRequester;
  readonly erasures: Pick<SweepErasures, 'execute'>;
  readonly priors: Pick<PublishPriors, 'execute'>;
  readonly training: Pick<TrainingStarter, 'start' | 'giveUpSilent'>;
  readonly drift: Pick<CheckDrift, 'execute'>;
  /** Seals what lies under older keys again. @returns rows found there */
  readonly reseal: () => Promise<number>;
  /** Removes what was kept for long enough. @returns rows that went */
  readonly expire: () => Promise<number>;
  readonly logger: Logger;
}

/** What runs by the clock. Each job re-derives its work from the database, so a missed run costs only time. */
export function createMaintenance({ work, folds, erasures, priors, training, drift, reseal, expire, logger }: MaintenanceDeps) {
  const processors: Readonly<Record<MaintenanceJob, (job: Job<unknown>) => Promise<void>>> = {
    'sweep-folds': async () => {
      const placements = await work.execute();
      if (placements.length > 0) await folds.request(placements);
    },
    'sweep-erasures': async (job) => {
      const rows = await erasures.execute();
      if (rows > 0) logger.info({ jobId: job.id, rows }, 'erasures were completed');
    },
    'publish-priors': async (job) => {
      const published = await priors.execute();
      if (published.length > 0) logger.info({ jobId: job.id, published }, 'placements learned from each other');
    },
    'train-segments': async (job) => {
      try {
        const run = await training.start({ trigger: 'SCHEDULE' });
        logger.info({ jobId: job.id, runId: run.id }, 'segment training started');
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'STALE_WRITE') throw error;
        logger.info({ jobId: job.id }, 'segment training is already running');
      }
    },
    'check-drift': async (job) => {
      const check = await drift.execute();
      if (check === null) return;
      const { rows, segments, features, runId } = check;
      const index = Math.max(segments, ...features.map((feature) => feature.index));
      logger.info({ jobId: job.id, modelVersion: check.modelVersion, rows, index, drifted: check.drifted, runId }, 'population compared');
    },
    'reseal-personal': async (job) => {
      const rows = await reseal();
      if (rows > 0) logger.info({ jobId: job.id, rows }, 'personal data sealed under the current key');
    },
    expire: async (job) => {
      const silent = await training.giveUpSilent();
      if (silent !== null) logger.warn({ jobId: job.id, runId: silent }, 'a training showed no sign of life and was given up');
      const rows = await expire();
      if (rows > 0) logger.info({ jobId: job.id, rows }, 'rows had been kept for long enough');
    },
  };
  return async (job: Job<unknown>): Promise<void> => {
    const name = MAINTENANCE_JOBS.find((known) => known === job.name);
    if (name === undefined) throw new UnrecoverableError(`unknown maintenance job ${job.name}`);
    await processors[name](job);
  };
}
