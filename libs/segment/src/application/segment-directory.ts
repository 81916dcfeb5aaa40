import type { SegmentModel, SegmentSummary } from '../domain/types';
import type { SegmentModelRepository } from './training-ports';

export interface SegmentModelPage {
  readonly models: readonly SegmentModel[];
  readonly hasNextPage: boolean;
  readonly totalCount: number;
}

/** What internal tools read of segments. */
export class SegmentDirectory {
  constructor(private readonly models: SegmentModelRepository) {}

  /** Segments of the live model, largest first; none while no model is published. */
  async listSegments(): Promise<readonly SegmentSummary[]> {
    return (await this.models.findPublished())?.segments ?? [];
  }

  /** Newest first. @param after version of the last model of the page before */
  async listModels(first: number, after: number | null): Promise<SegmentModelPage> {
    const [found, totalCount] = await Promise.all([this.models.list(first + 1, after), this.models.count()]);
    return { models: found.slice(0, first), hasNextPage: found.length > first, totalCount };
  }
}
