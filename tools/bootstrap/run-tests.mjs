import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runInOurPlace } from './child.mjs';

const USAGE = `Usage: npm test -- [--unit | --int] [--project NAME]... [--json FILE]

  --unit          only unit and property tests, which need no database
  --int           only integration tests, against real MongoDB and Redis
  --project NAME  only this project; may be given several times
  --json FILE     also writes the results in Jest's JSON format`;
const MOST_INTEGRATION_WORKERS = 2; // each worker holds connections to both databases; more of them only wait for the disk

/** Runs Jest, nothing cached, nothing skipped: unit tests, then integration tests. Both run even when the first fails. */
export async function runTests(root, args) {
  const options = parse(args);
  if (typeof options === 'string') {
    console.error(options);
    return options === USAGE ? 0 : 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'vitrine-jest-'));
  try {
    const runs = [];
    for (const kind of options.kinds) {
      const file = join(scratch, `${kind}.json`);
      runs.push({ code: await jest(root, kind, options, file), file });
    }
    if (options.json !== undefined) writeFileSync(resolve(options.json), JSON.stringify(merged(runs.map(({ file }) => file))));
    return runs.find(({ code }) => code !== 0)?.code ?? 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        unit: { type: 'boolean', default: false },
        int: { type: 'boolean', default: false },
        project: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return USAGE;
    const kinds = values.unit === values.int ? ['unit', 'int'] : values.unit ? ['unit'] : ['int'];
    return { kinds, projects: values.project, json: values.json };
  } catch (error) {
    return `${error.message}\n\n${USAGE}`;
  }
}

function jest(root, kind, { projects, json }, file) {
  const workers = kind === 'int' ? Math.min(MOST_INTEGRATION_WORKERS, availableParallelism()) : availableParallelism();
  const args = [join(root, 'node_modules/jest/bin/jest.js'), `--maxWorkers=${workers}`];
  if (json !== undefined) args.push('--json', `--outputFile=${file}`);
  // A library without integration tests is no fault; a whole run that finds no test is.
  if (projects.length > 0) args.push('--passWithNoTests', '--selectProjects', ...projects);
  return runInOurPlace(process.execPath, args, { cwd: root, env: environment(kind), stdout: json === undefined ? 'inherit' : 'ignore' });
}

function environment(kind) {
  if (kind === 'unit') return { ...process.env, VITRINE_TEST_KIND: 'unit' };
  // The MongoDB driver imports `os` dynamically, which Jest's sandbox refuses without this flag.
  const flags = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return { ...process.env, VITRINE_TEST_KIND: 'int', NODE_OPTIONS: flags.filter(Boolean).join(' ') };
}

/** Jest's result files as one: counters add up, success must be everywhere. A run that left no file has failed. */
function merged(files) {
  const results = files.map((file) => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return { success: false, testResults: [] };
    }
  });
  const totals = {};
  for (const result of results) {
    for (const [name, value] of Object.entries(result)) {
      if (name.startsWith('num') && typeof value === 'number') totals[name] = (totals[name] ?? 0) + value;
    }
  }
  return {
    ...totals,
    success: results.every(({ success }) => success === true),
    startTime: Math.min(...results.map(({ startTime }) => startTime ?? Infinity)),
    testResults: results.flatMap(({ testResults }) => testResults),
  };
}
