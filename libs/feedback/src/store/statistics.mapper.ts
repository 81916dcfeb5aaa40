import { mongo } from 'mongoose';

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Little-endian doubles, whatever the machine: every bit survives. */
export function toBinary(statistics: Float64Array): mongo.Binary {
  const bytes = new Uint8Array(statistics.length * BYTES);
  const view = new DataView(bytes.buffer);
  statistics.forEach((value, i) => view.setFloat64(i * BYTES, value, true));
  return new mongo.Binary(bytes);
}

export function fromBinary(binary: mongo.Binary): Float64Array {
  const { buffer } = binary;
  const view = new DataView(buffer.buffer, buffer.byteOffset, binary.length());
  return Float64Array.from({ length: binary.length() / BYTES }, (_, i) => view.getFloat64(i * BYTES, true));
}
