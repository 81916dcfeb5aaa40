import type { VisitorHash } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import { UnrecoverableError, type Job } from 'bullmq';
import { decisionChunkSchema } from './decision.document';
import type { MongoDecisionRepository } from './mongo-decision.repository';

export interface DecisionLogProcessorDeps {
  readonly decisions: Pick<MongoDecisionRepository, 'insert'>;
  /** Which of these hashes belong to people who were erased, and up to when (ms): decisions of before may still lie in the queue (D7). */
  readonly erased: (hashes: readonly VisitorHash[]) => Promise<ReadonlyMap<VisitorHash, number>>;
  readonly logger: Logger;
}

export interface DecisionLogOutcome {
  readonly received: number;
  readonly written: number;
  readonly erased: number;
}

/** Writes chunks of decision records; running twice writes once. */
export function createDecisionLogProcessor({
  decisions,
  erased,
  logger,
}: DecisionLogProcessorDeps): (job: Job<unknown>) => Promise<DecisionLogOutcome> {
  return async (job) => {
    const parsed = decisionChunkSchema.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(`the chunk is malformed at ${parsed.error.issues[0]?.path.join('.') ?? 'its root'}`);
    const { rows } = parsed.data;
    const hashes = new Set(rows.flatMap(({ visitorHash }) => visitorHash ?? []));
    const gone = hashes.size === 0 ? new Map<VisitorHash, number>() : await erased([...hashes]);
    const kept = rows.filter(({ visitorHash, decidedAt }) => visitorHash === null || decidedAt > (gone.get(visitorHash) ?? -Infinity));
    const written = await decisions.insert(kept);
    const outcome = { received: rows.length, written, erased: rows.length - kept.length };
    logger.info({ jobId: job.id, ...outcome }, 'decisions written');
    return outcome;
  };
}
