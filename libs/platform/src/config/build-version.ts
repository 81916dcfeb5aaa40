import type { Config } from './config';

declare global {
  /** Set by the build: a hash of the bundle that runs. */
  var vitrineBuild: string | undefined;
}

/** Which code this is: as the deployment names it, else a hash of the running program, else `unbuilt`. */
export function buildVersion({ CODE_VERSION }: Pick<Config, 'CODE_VERSION'>): string {
  if (CODE_VERSION !== '') return CODE_VERSION;
  return globalThis.vitrineBuild ?? 'unbuilt';
}
