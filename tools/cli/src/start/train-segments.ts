import { DomainError } from '@vitrine/kernel';
import type { Caller, GraphqlClient } from '@vitrine/replay';

export interface SegmentOutcome {
  /** Null when the gate refused the model. */
  readonly modelVersion: number | null;
  /** Why it was refused. */
  readonly refusal: string | null;
  readonly segments: readonly { readonly id: string; readonly name: string; readonly size: number }[];
}

interface RunData {
  readonly trainingRun: {
    readonly status: string;
    readonly step: string;
    readonly modelVersion: number;
    readonly failureMessage: string | null;
  };
}

const START = 'mutation { trainSegments(input: { seed: 1 }) { id } }';
const RUN = 'query ($id: ID!) { trainingRun(id: $id) { status step modelVersion failureMessage } }';
const SEGMENTS = 'query { segments { id name size } }';
const DEADLINE_MS = 60_000;
const POLL_MS = 100;

/** Trains a segment model now and waits until its segments are assigned. @throws DomainError when the run fails */
export async function trainSegments(api: GraphqlClient, caller: Caller): Promise<SegmentOutcome> {
  const id = await startWhenFree(api, caller);
  for (const deadline = Date.now() + DEADLINE_MS; ;) {
    const { trainingRun } = (await api.call(caller, RUN, { id })) as RunData;
    if (trainingRun.status === 'PUBLISHED') {
      const { segments } = (await api.call(caller, SEGMENTS)) as Pick<SegmentOutcome, 'segments'>;
      return { modelVersion: trainingRun.modelVersion, refusal: null, segments };
    }
    if (trainingRun.status === 'REFUSED') return { modelVersion: null, refusal: trainingRun.failureMessage, segments: [] };
    if (trainingRun.status !== 'RUNNING')
      throw new DomainError('INTERNAL', trainingRun.failureMessage ?? `the training ended as ${trainingRun.status}`);
    if (Date.now() > deadline)
      throw new DomainError('DEPENDENCY_UNAVAILABLE', `the training is still at ${trainingRun.step} after ${DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The schedule may have started one by itself: then wait for its end. */
async function startWhenFree(api: GraphqlClient, caller: Caller): Promise<string> {
  for (const deadline = Date.now() + DEADLINE_MS; ;) {
    try {
      return ((await api.call(caller, START)) as { readonly trainSegments: { readonly id: string } }).trainSegments.id;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'STALE_WRITE' || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
