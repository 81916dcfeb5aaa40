import { JOB_OPTIONS, QUEUES } from '@vitrine/platform';
import type { FlowJob, FlowProducer } from 'bullmq';
import type { TrainingQueue } from '../application/training-ports';

export const SEGMENT_JOBS = [
  'extract-rows',
  'plan-search',
  'run-trial',
  'rank-trials',
  'fit-model',
  'validate-model',
  'publish-model',
  'assign-partition',
  'finish-training',
] as const;
export type SegmentJobName = (typeof SEGMENT_JOBS)[number];

interface StepOptions {
  readonly runId: string;
  /** What tells jobs of one step apart: a partition, a rung, a configuration. */
  readonly of?: Readonly<Record<string, number>>;
  readonly children?: FlowJob[];
}

/** A step waits for its children; when one of them fails for good, so does the step. */
function step(name: SegmentJobName, { runId, of = {}, children }: StepOptions, queueName: string): FlowJob {
  const jobId = ['segments', runId, name, ...Object.values(of)].join('-');
  return {
    name,
    queueName,
    data: { runId, ...of },
    opts: { ...JOB_OPTIONS, jobId, failParentOnFailure: true },
    ...(children === undefined ? {} : { children }),
  };
}

const perPartition = (partitions: number, build: (partition: number) => FlowJob): FlowJob[] =>
  Array.from({ length: partitions }, (_, at) => build(at));

/** extract (one job per partition) -> plan. What is searched follows from the rows, so the rungs are flows of their own. */
export function buildTrainingFlow(runId: string, partitions: number, queueName: string = QUEUES.segments): FlowJob {
  const extract = perPartition(partitions, (partition) => step('extract-rows', { runId, of: { partition } }, queueName));
  return withoutParent(step('plan-search', { runId, children: extract }, queueName));
}

export interface Rung {
  readonly rung: number;
  /** Numbers of the configurations that are tried in it. */
  readonly configurations: readonly number[];
}

/** trial (one job per configuration) -> rank. */
export function buildRungFlow(runId: string, { rung, configurations }: Rung, queueName: string = QUEUES.segments): FlowJob {
  const trials = configurations.map((number) => step('run-trial', { runId, of: { rung, number } }, queueName));
  return withoutParent(step('rank-trials', { runId, of: { rung }, children: trials }, queueName));
}

/** fit -> validate -> publish. */
export function buildFitFlow(runId: string, queueName: string = QUEUES.segments): FlowJob {
  const fit = step('fit-model', { runId }, queueName);
  const validate = step('validate-model', { runId, children: [fit] }, queueName);
  return withoutParent(step('publish-model', { runId, children: [validate] }, queueName));
}

/** assign (one job per partition) -> finish. Its own flow: a job has one parent, and every assignment would need the same publication below it. */
export function buildAssignmentFlow(runId: string, partitions: number, queueName: string = QUEUES.segments): FlowJob {
  const assign = perPartition(partitions, (partition) => step('assign-partition', { runId, of: { partition } }, queueName));
  return withoutParent(step('finish-training', { runId, children: assign }, queueName));
}

function withoutParent(job: FlowJob): FlowJob {
  const { failParentOnFailure: _, ...opts } = { ...job.opts };
  return { ...job, opts };
}

/** Job ids are derived from the run, so queueing the same flow again adds nothing while its jobs are known. */
export class BullTrainingQueue implements TrainingQueue {
  constructor(
    private readonly flows: FlowProducer,
    private readonly queueName: string = QUEUES.segments,
  ) {}

  async enqueueTraining(runId: string, partitions: number): Promise<void> {
    await this.flows.add(buildTrainingFlow(runId, partitions, this.queueName));
  }

  async enqueueRung(runId: string, rung: number, configurations: readonly number[]): Promise<void> {
    await this.flows.add(buildRungFlow(runId, { rung, configurations }, this.queueName));
  }

  async enqueueFit(runId: string): Promise<void> {
    await this.flows.add(buildFitFlow(runId, this.queueName));
  }

  async enqueueAssignment(runId: string, partitions: number): Promise<void> {
    await this.flows.add(buildAssignmentFlow(runId, partitions, this.queueName));
  }
}
