import { DomainError } from '@vitrine/kernel';

/** What a process that could not start tells its supervisor: mend the configuration (2), mend a database (3), look at the log (1). */
export const EXIT_CODES = { ok: 0, failed: 1, configuration: 2, dependency: 3 } as const;

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof DomainError)) return EXIT_CODES.failed;
  if (error.code === 'CONFIG_INVALID') return EXIT_CODES.configuration;
  return error.code === 'DEPENDENCY_UNAVAILABLE' ? EXIT_CODES.dependency : EXIT_CODES.failed;
}
