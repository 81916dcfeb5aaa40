/**
 * One Jest for the whole workspace: a project per library, so that a run is one process pool and one result file.
 * Unit and property specs (`*.spec.ts`) do no I/O; `*.int.spec.ts` need the real Mongo and Redis that `npm test` brings up.
 */
const { readdirSync, existsSync } = require('node:fs');
const { join } = require('node:path');

const INTEGRATION = process.env.VITRINE_TEST_KIND === 'int';
const base = require('./tsconfig.base.json').compilerOptions;
const moduleNameMapper = Object.fromEntries(Object.entries(base.paths).map(([name, [target]]) => [`^${name}$`, join(__dirname, target)]));
const projects = ['libs', 'apps', 'tools']
  .flatMap((group) => readdirSync(join(__dirname, group)).map((name) => [name, join(__dirname, group, name)]))
  .filter(([, root]) => existsSync(join(root, 'project.json')));

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'commonjs' },
};

module.exports = {
  ...(INTEGRATION
    ? {
        globalSetup: join(__dirname, 'tools/bootstrap/jest-stack-setup.cjs'),
        globalTeardown: join(__dirname, 'tools/bootstrap/jest-stack-teardown.cjs'),
      }
    : {}),
  testTimeout: INTEGRATION ? 60_000 : 20_000,
  projects: projects.map(([displayName, rootDir]) => ({
    displayName,
    rootDir,
    testEnvironment: 'node',
    // A global is looked up through the sandbox on every use, which is ten times the price of Math.log: statistical tests use these in loops.
    sandboxInjectedGlobals: ['Math', 'Infinity'],
    setupFiles: [require.resolve('reflect-metadata')],
    testMatch: [INTEGRATION ? '<rootDir>/src/**/*.int.spec.ts' : '<rootDir>/src/**/*.spec.ts'],
    testPathIgnorePatterns: INTEGRATION ? ['/node_modules/', '/dist/'] : ['/node_modules/', '/dist/', '\\.int\\.spec\\.ts$'],
    transform: { '^.+\\.[cm]?[jt]s$': ['@swc/jest', swc] },
    // ESM-only packages that Jest's CommonJS registry must see transformed.
    transformIgnorePatterns: ['/node_modules/(?!(jose|@marcbachmann/cel-js|lru-cache|graphql-http|rate-limiter-flexible|cockatiel)/)'],
    moduleNameMapper,
  })),
};
