import type { Result } from '@vitrine/kernel';
import type { Engine } from '../engine';

export interface FoundBinary {
  readonly path: string;
  readonly version: string;
  /** Where it came from, for people: the name of the source that found it. */
  readonly origin: string;
}

/** One place to look for a server binary. A miss is an ordinary answer and carries its reason; a source never throws. */
export interface BinarySource {
  readonly name: string;
  find(engine: Engine): Promise<Result<FoundBinary, string>>;
}
