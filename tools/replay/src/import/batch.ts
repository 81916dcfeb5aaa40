import type { SinkAnswer } from './event-sink';
import type { LeftOut } from './event-format';
import { SHOWN_REFUSED, type ImportTally, type RefusedLine } from './tally';

/** Events of one call, as the API allows. */
export const BATCH_EVENTS = 500;
/** Bytes of one call, well below what the gateway reads. */
export const BATCH_BYTES = 200 * 1_024;
/** Lines after which progress is noted though few were events. */
const BATCH_LINES = 20_000;

interface SentEvent {
  readonly line: number;
  readonly eventId: string;
  readonly json: string;
}

/**
 * A run of lines that is sent, answered and counted together. Where it ends depends on its lines alone, so that an import that is taken up
 * again cuts the same batches.
 */
export class Batch {
  readonly events: SentEvent[] = [];
  private bytes = 0;
  private lines = 0;
  private readonly refused: RefusedLine[] = [];
  private readonly leftOut = new Map<LeftOut, number>();

  /** @param start lines before it */
  constructor(readonly start: number) {}

  get isEmpty(): boolean {
    return this.lines === 0;
  }

  get isFull(): boolean {
    return this.events.length >= BATCH_EVENTS || this.bytes >= BATCH_BYTES || this.lines >= BATCH_LINES;
  }

  add(event: SentEvent): void {
    this.lines += 1;
    this.bytes += Buffer.byteLength(event.json);
    this.events.push(event);
  }

  refuse(refused: RefusedLine): void {
    this.lines += 1;
    this.refused.push(refused);
  }

  leaveOut(why: LeftOut): void {
    this.lines += 1;
    this.leftOut.set(why, (this.leftOut.get(why) ?? 0) + 1);
  }

  tally(answers: readonly SinkAnswer[]): ImportTally {
    const refused = [...this.refused];
    const counts = { ACCEPTED: 0, DUPLICATE: 0, REJECTED: 0 };
    for (const [i, { status, code }] of answers.entries()) {
      counts[status] += 1;
      if (status === 'REJECTED') {
        refused.push({ line: this.events[i]?.line ?? 0, code: code ?? 'INTERNAL', reason: 'refused by the gateway' });
      }
    }
    return {
      lines: this.lines,
      accepted: counts.ACCEPTED,
      duplicate: counts.DUPLICATE,
      refusedCount: refused.length,
      refused: refused.toSorted((a, b) => a.line - b.line).slice(0, SHOWN_REFUSED),
      leftOut: Object.fromEntries(this.leftOut),
    };
  }
}
