/**
 * Proves that lint bites: plants one wrong import per rule, lints through nx (the boundary rule needs its project graph), and fails unless
 * every plant is reported by the rule that should catch it. The plants are removed whatever happens.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const plants = [
  {
    project: 'kernel',
    file: 'libs/kernel/src/planted.ts',
    text: "import { DecidePage } from '@vitrine/delivery';\n\nexport const planted = DecidePage;\n",
    rule: '@nx/enforce-module-boundaries',
    what: 'kernel importing delivery',
  },
  {
    project: 'profile',
    file: 'libs/profile/src/domain/planted.ts',
    text: "import mongoose from 'mongoose';\n\nexport const planted = mongoose;\n",
    rule: 'no-restricted-imports',
    what: 'domain importing mongoose',
  },
  {
    project: 'catalog',
    file: 'libs/catalog/src/application/planted.ts',
    text: "import { x } from '../store/planted-target';\n\nexport const planted = () => [x, Date.now()];\n",
    rule: 'no-restricted-imports',
    what: 'application importing store',
  },
  {
    project: 'catalog',
    file: 'libs/catalog/src/domain/planted.ts',
    text: 'export const planted = (): number => Date.now();\n',
    rule: 'no-restricted-properties',
    what: 'domain reading the clock',
  },
];

let missed = 0;
try {
  for (const { file, text } of plants) writeFileSync(file, text, { flag: 'wx' });
  for (const project of new Set(plants.map((plant) => plant.project))) {
    const run = spawnSync('npx', ['nx', 'run', `${project}:lint`, '--skip-nx-cache', '--output-style=static'], {
      encoding: 'utf8',
      env: { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0', NO_COLOR: '1' },
    });
    const output = `${run.stdout}${run.stderr}`;
    for (const plant of plants.filter((candidate) => candidate.project === project)) {
      const section = output.slice(output.indexOf(plant.file));
      const caught = run.status !== 0 && output.includes(plant.file) && section.includes(plant.rule);
      console.log(`${caught ? 'caught' : 'MISSED'}: ${plant.what}`);
      if (!caught) missed += 1;
    }
  }
} finally {
  for (const { file } of plants) rmSync(file, { force: true });
}
process.exit(missed === 0 ? 0 : 1);
