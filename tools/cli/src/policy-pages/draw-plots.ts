import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '@vitrine/kernel';
import { plotFile } from './policy-page';
import { curvesOf, regretCurve, regretSvg, sceneOf, type RegretCurve } from './regret-plot';

export interface DrawOptions {
  readonly folder: string;
  readonly policies: readonly string[];
  readonly runs: number;
  readonly signal: AbortSignal;
  progress(done: number): void;
}

/** How many runs the plots of these policies take; a curve that several plots show is computed once. */
export function runsOf(policies: readonly string[], runs: number): number {
  const keys = policies.flatMap((policy) => curvesOf(policy).map((name) => keyOf(policy, name)));
  return runs * new Set(keys).size;
}

const keyOf = (policy: string, curve: string): string => `${sceneOf(policy).instance.name}/${curve}`;

/**
 * Simulates and writes one plot per policy. The same code gives the same bytes.
 *
 * @returns the files
 * @throws DomainError SHUTTING_DOWN when told to stop; plots that were finished stay
 */
export async function drawPlots({ folder, policies, runs, signal, progress }: DrawOptions): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const curves = new Map<string, RegretCurve>();
  const files: string[] = [];
  let done = 0;
  const computed = async (policy: string, name: string): Promise<RegretCurve> => {
    const known = curves.get(keyOf(policy, name));
    if (known !== undefined) return known;
    const steps = regretCurve(name, sceneOf(policy).instance, runs);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) {
        curves.set(keyOf(policy, name), step.value);
        return step.value;
      }
      progress(++done);
      await nextTurn();
      if (signal.aborted) throw new DomainError('SHUTTING_DOWN', `stopped after ${files.length} of ${policies.length} plots`);
    }
  };
  for (const policy of policies) {
    const shown: RegretCurve[] = [];
    for (const name of curvesOf(policy)) shown.push(await computed(policy, name));
    const file = join(folder, plotFile(policy));
    writeFileSync(file, regretSvg(policy, shown));
    files.push(file);
  }
  return files;
}
