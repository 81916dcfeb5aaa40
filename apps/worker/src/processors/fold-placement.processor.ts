import { parseFoldRequest, type FoldPlacement, type FoldRequester } from '@vitrine/feedback';
import { placementId } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import { UnrecoverableError, type Job } from 'bullmq';

export interface FoldPlacementProcessorDeps {
  readonly fold: FoldPlacement;
  readonly folds: FoldRequester;
  readonly logger: Logger;
}

/** Folds what is new in one placement's ledger; fenced, so a second run folds nothing. */
export function createFoldPlacement({ fold, folds, logger }: FoldPlacementProcessorDeps) {
  return async (job: Job<unknown>): Promise<{ readonly folded: number }> => {
    const request = parseFoldRequest(job.data);
    if (!request.ok) throw new UnrecoverableError(`the fold request is malformed at ${request.error}`);
    const outcome = await fold.execute(placementId(request.value.placementId));
    const folded = outcome.versions.reduce((sum, version) => sum + version.folded, 0);
    if (!outcome.caughtUp) await folds.request([outcome.placementId]);
    logger.info(
      { jobId: job.id, placementId: outcome.placementId, lastSeq: outcome.lastSeq, folded, caughtUp: outcome.caughtUp },
      'placement folded',
    );
    return { folded };
  };
}
