/**
 * Jest's global set-up of integration runs: the databases. Servers named in VITRINE_TEST_MONGO_URL and VITRINE_TEST_REDIS_URL are
 * used as they are; what is not named is brought up on a free port, in a temporary directory, for this run alone.
 */
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

const ROOT = join(__dirname, '..', '..');

module.exports = async function startTestStack() {
  const { VITRINE_TEST_MONGO_URL: mongo, VITRINE_TEST_REDIS_URL: redis } = process.env;
  if (mongo && redis) return;
  execFileSync(process.execPath, [join(__dirname, 'build.mjs'), 'stack'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const { startEphemeralStack } = require(join(ROOT, 'dist/tools/stack/index.cjs'));
  const stack = await startEphemeralStack({
    log: (line) => process.stderr.write(`[stack] ${line}\n`),
    env: { ...process.env, MONGO_URL: mongo, REDIS_URL: redis },
  });
  process.env.VITRINE_TEST_MONGO_URL = stack.mongoUrl;
  process.env.VITRINE_TEST_REDIS_URL = stack.redisUrl;
  // Tear-down runs in this same process, and only then; should the process die first, the stack's reaper stops the servers.
  globalThis.__vitrineTestStack = stack;
};
