import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DomainError } from '@vitrine/kernel';
import type { EventFormat, Reading } from './event-format';
import type { EventSink, SinkAnswer } from './event-sink';

/** A folder for the files of one spec. */
export function useFolder() {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vitrine-import-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (name: string): string => join(folder, name),
    write(name: string, text: string | Buffer): string {
      const file = join(folder, name);
      writeFileSync(file, name.endsWith('.gz') && typeof text === 'string' ? gzipSync(text) : text);
      return file;
    },
  };
}

/** What a format makes of its file. */
export async function readingsOf(format: EventFormat): Promise<readonly (Reading & { readonly line: number })[]> {
  const readings: (Reading & { readonly line: number })[] = [];
  for await (const records of format.records()) for (const record of records) readings.push({ ...format.read(record), line: record.line });
  return readings;
}

/** How a batch fares: `LOST` is taken and its answer never comes back, `NOT_TAKEN` never arrives. */
export type Fate = 'ANSWERED' | 'LOST' | 'NOT_TAKEN';

/** Answers as the gateway does, under calls' names too, and can die at any batch. */
export class FakeGateway implements EventSink {
  /** What is stored, by id: the name of the call that brought it. */
  readonly stored = new Map<string, string>();
  fate: (batch: number) => Fate = () => 'ANSWERED';
  private batches = 0;

  async send(call: string, events: readonly string[]): Promise<readonly SinkAnswer[]> {
    const fate = this.fate(this.batches++);
    if (fate === 'NOT_TAKEN') throw new DomainError('FORBIDDEN', 'died');
    const answers = this.answersTo(call, events);
    if (fate === 'LOST') throw new DomainError('FORBIDDEN', 'died');
    return answers;
  }

  private answersTo(call: string, events: readonly string[]): readonly SinkAnswer[] {
    const own = new Set<string>();
    return events.map((json) => {
      const event = JSON.parse(json) as { readonly eventId: string; readonly type: string };
      if (event.type === 'NO_SUCH_TYPE') return { status: 'REJECTED', code: 'EVENT_MALFORMED' };
      const by = this.stored.get(event.eventId);
      if ((by !== undefined && by !== call) || own.has(event.eventId)) return { status: 'DUPLICATE', code: null };
      own.add(event.eventId);
      this.stored.set(event.eventId, call);
      return { status: 'ACCEPTED', code: null };
    });
  }
}
