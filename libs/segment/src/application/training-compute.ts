import type { GateEvidence, MeasureRequest } from '../domain/gate/measure-candidate';
import { measureCandidate } from '../domain/gate/measure-candidate';
import { evaluateTrial, type TrialRequest } from '../domain/search/evaluate-trial';
import type { TrialScore } from '../domain/search/trial-score';
import { fitSegmentModel, type FitOutcome, type FitRequest } from '../domain/training/fit-segment-model';

/** The long computations of a training: plain data in, plain data out, so that any thread can run them. */
export interface TrainingTasks {
  readonly trial: { readonly request: TrialRequest; readonly result: TrialScore };
  readonly fit: { readonly request: FitRequest; readonly result: FitOutcome };
  readonly measure: { readonly request: MeasureRequest; readonly result: GateEvidence };
}
export type TrainingTaskName = keyof TrainingTasks;

export interface TrainingCompute {
  /** Runs a task away from the event loop, which has locks to renew. @throws what `signal` was aborted with, soon after it was */
  run<K extends TrainingTaskName>(task: K, request: TrainingTasks[K]['request'], signal: AbortSignal): Promise<TrainingTasks[K]['result']>;
}

type Tasks = { readonly [K in TrainingTaskName]: (request: TrainingTasks[K]['request']) => TrainingTasks[K]['result'] };

/** What each task does: for the thread that runs them. */
export const TRAINING_TASKS: Tasks = { trial: evaluateTrial, fit: fitSegmentModel, measure: measureCandidate };

/** Runs tasks in this thread: for tests, and for processes that have nothing else to do. */
export const inlineCompute: TrainingCompute = {
  run: (task, request, signal) => {
    signal.throwIfAborted();
    return Promise.resolve(TRAINING_TASKS[task](request));
  },
};
