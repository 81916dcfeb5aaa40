import { StringDecoder } from 'node:string_decoder';
import { DomainError } from '@vitrine/kernel';
import type { SourceRecord } from './event-format';
import type { InputFile } from './input-file';

/** More than this in one line is no event. */
export const MAX_LINE_CHARS = 1_048_576;
/** Stands for the text of a line that is too long to keep. */
export const TOO_LONG = '\u0000too long';

export interface LineOptions {
  /** Whether a text without an end of line is whole, so that it may be the last line. */
  readonly isWhole: (text: string) => boolean;
}

/**
 * The lines of a file, bundled as they are read; a byte order mark and carriage returns fall away. Memory does not grow with the file, nor
 * with a line.
 *
 * @throws DomainError IMPORT_TRUNCATED naming line and byte, after every whole line has been handed on
 */
export async function* lineBundles(input: InputFile, { isWhole }: LineOptions): AsyncGenerator<readonly SourceRecord[]> {
  const decoder = new StringDecoder('utf8');
  const cutter = new LineCutter();
  const chunks = input.chunks();
  let bytes = 0;
  try {
    for (;;) {
      const next = await chunks.next();
      if (next.done === true) {
        yield cutter.take(decoder.end());
        return yield* lastLine(cutter, { input, bytes, cut: next.value.cut, isWhole });
      }
      bytes += next.value.length;
      yield cutter.take(decoder.write(next.value));
    }
  } finally {
    await chunks.return({ cut: false }); // closes the file when nobody reads on
  }
}

interface Ending extends LineOptions {
  readonly input: InputFile;
  readonly bytes: number;
  readonly cut: boolean;
}

function* lastLine(cutter: LineCutter, { input, bytes, cut, isWhole }: Ending): Generator<readonly SourceRecord[]> {
  const { line, text } = cutter.rest();
  if (!cut && text === '') return;
  if (!cut && isWhole(text)) return yield [{ line, content: text }];
  const byte = bytes - Buffer.byteLength(text);
  const what = cut ? 'the gzip data end too soon' : 'the last line has no end';
  throw new DomainError('IMPORT_TRUNCATED', `${input.name} is cut off in line ${line}, which begins at byte ${byte}: ${what}`, {
    details: { line, byte },
  });
}

/** Cuts texts that come in pieces into lines. */
class LineCutter {
  private held = '';
  private line = 1;
  private isSkipping = false;

  take(text: string): readonly SourceRecord[] {
    const parts = (this.held + text).split('\n');
    this.held = parts.pop() ?? '';
    const records = parts.map((part) => this.recordOf(part));
    if (this.held.length > MAX_LINE_CHARS) {
      this.held = '';
      this.isSkipping = true;
    }
    return records;
  }

  rest(): { readonly line: number; readonly text: string } {
    return { line: this.line, text: this.isSkipping ? TOO_LONG : withoutMark(this.held, this.line) };
  }

  private recordOf(part: string): SourceRecord {
    const isTooLong = this.isSkipping || part.length > MAX_LINE_CHARS;
    this.isSkipping = false;
    const line = this.line++;
    const text = part.endsWith('\r') ? part.slice(0, -1) : part;
    return { line, content: isTooLong ? TOO_LONG : withoutMark(text, line) };
  }
}

function withoutMark(text: string, line: number): string {
  return line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
}
