import { DomainError } from '@vitrine/kernel';

export type TestServiceVariable = 'VITRINE_TEST_MONGO_URL' | 'VITRINE_TEST_REDIS_URL';

/**
 * The URL of a real service that integration specs run against.
 *
 * @throws DomainError DEPENDENCY_UNAVAILABLE when the variable is missing: a spec without its database fails, it never skips
 */
export function testServiceUrl(variable: TestServiceVariable, env: NodeJS.ProcessEnv = process.env): string {
  const url = env[variable];
  if (url !== undefined && url !== '') return url;
  throw new DomainError(
    'DEPENDENCY_UNAVAILABLE',
    `${variable} is not set. Integration specs need real databases: run them with "npm test" (or "node tools/bootstrap/run.mjs test --int"), which brings the databases up, or set the variable to a server of your own.`,
  );
}

/** Puts a database name into a Mongo connection string, in place of the one it had; several hosts and options are kept. */
export function withDatabase(url: string, database: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url);
  if (parts === null) throw new DomainError('CONFIG_INVALID', 'VITRINE_TEST_MONGO_URL is not a Mongo connection string');
  return `${parts[1] ?? ''}/${database}${parts[2] ?? ''}`;
}
