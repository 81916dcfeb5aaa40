import { inflateRawSync } from 'node:zlib';
import { err, ok, type Result } from '@vitrine/kernel';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const [STORED, DEFLATED] = [0, 8];

/**
 * Reads one member of a ZIP archive (no ZIP64, no encryption: what a wheel is). Nothing else is unpacked, so no path of the archive
 * ever reaches the file system.
 *
 * @see PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16
 */
export function zipMember(zip: Buffer, name: string): Result<Buffer, string> {
  const end = endOfDirectory(zip);
  if (end === null) return err('not a ZIP archive');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > end || zip.readUInt32LE(at) !== DIRECTORY_ENTRY) return err('the directory of the archive is damaged');
    const nameLength = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) return content(zip, at);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return err(`the archive has no ${name}`);
}

function endOfDirectory(zip: Buffer): number | null {
  const lowest = Math.max(0, zip.length - END_SIZE - LONGEST_COMMENT);
  for (let at = zip.length - END_SIZE; at >= lowest; at--) {
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  return null;
}

function content(zip: Buffer, entry: number): Result<Buffer, string> {
  const method = zip.readUInt16LE(entry + 10);
  const [packed, size, local] = [zip.readUInt32LE(entry + 20), zip.readUInt32LE(entry + 24), zip.readUInt32LE(entry + 42)];
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== LOCAL_HEADER) return err('a member of the archive is damaged');
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const data = zip.subarray(start, start + packed);
  if (method === STORED) return ok(data);
  if (method !== DEFLATED) return err(`compression method ${method} is not known`);
  const bytes = inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  return bytes.length === size ? ok(bytes) : err('a member of the archive is cut short');
}
