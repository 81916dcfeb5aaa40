import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip, constants } from 'node:zlib';
import { DomainError } from '@vitrine/kernel';

/** How the bytes of a file ended: `cut` when a gzip file lacks its end. */
export interface InputEnd {
  readonly cut: boolean;
}

/** Bytes of a file, unpacked when its name ends in `.gz`. */
export interface InputFile {
  readonly name: string;
  /** Bytes on the disk. */
  readonly size: number;
  /** Bytes read from the disk so far. */
  bytesRead(): number;
  /** @throws DomainError IMPORT_TRUNCATED when gzip data is damaged */
  chunks(): AsyncGenerator<Buffer, InputEnd>;
}

const CHUNK_BYTES = 256 * 1_024;
const TRAILER_BYTES = 4;

/** @throws DomainError NOT_FOUND without a file that can be read */
export async function openInput(name: string): Promise<InputFile> {
  const size = await sizeOf(name);
  let bytesRead = 0;
  const source = () => {
    bytesRead = 0;
    const stream = createReadStream(name, { highWaterMark: CHUNK_BYTES });
    stream.on('data', (chunk) => (bytesRead += chunk.length));
    return stream;
  };
  const chunks = name.endsWith('.gz') ? () => unpacked(name, source()) : () => plain(source());
  return { name, size, bytesRead: () => bytesRead, chunks };
}

async function sizeOf(name: string): Promise<number> {
  const found = await stat(name).catch((cause: unknown) => {
    throw new DomainError('NOT_FOUND', `${name} cannot be read`, { cause });
  });
  if (!found.isFile()) throw new DomainError('NOT_FOUND', `${name} is no file`);
  return found.size;
}

async function* plain(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, InputEnd> {
  yield* source;
  return { cut: false };
}

/** A strict gunzip drops what it has unpacked when the end is missing, so a lenient one reads, and the end is looked at afterwards. */
async function* unpacked(name: string, source: NodeJS.ReadableStream): AsyncGenerator<Buffer, InputEnd> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
  source.once('error', (error) => gunzip.destroy(error));
  let length = 0;
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      length += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw new DomainError('IMPORT_TRUNCATED', `${name} is damaged: it cannot be unpacked beyond byte ${length}`, {
      cause,
      details: { byte: length },
    });
  }
  return { cut: !(await endsWith(name, length)) && !(await unpacksWhole(name)) };
}

/** A gzip file of one member ends with its length modulo 2^32. */
async function endsWith(name: string, length: number): Promise<boolean> {
  const file = await open(name);
  try {
    const { size } = await file.stat();
    if (size < TRAILER_BYTES) return false;
    const { buffer } = await file.read(Buffer.alloc(TRAILER_BYTES), 0, TRAILER_BYTES, size - TRAILER_BYTES);
    return length > 0 && buffer.readUInt32LE(0) === length % 2 ** 32;
  } finally {
    await file.close();
  }
}

/** The long way, for files of several members and for those that are cut. */
async function unpacksWhole(name: string): Promise<boolean> {
  try {
    for await (const _ of createReadStream(name).pipe(createGunzip())) continue;
    return true;
  } catch {
    return false;
  }
}
