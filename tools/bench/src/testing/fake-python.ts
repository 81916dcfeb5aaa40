import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramRun, ProgramRunner } from '../program.runner';

export interface FakePython {
  readonly run: ProgramRunner;
  /** What was asked of it, by kind, in order. */
  readonly steps: string[];
}

const DONE: ProgramRun = { code: 0, stdout: '', stderr: '' };

/** Stands in for Python: makes folders as venv does, and answers each kind of step as told (`{}` is success). */
export function fakePython(answers: Partial<Record<string, Partial<ProgramRun>>> = {}): FakePython {
  const steps: string[] = [];
  const run: ProgramRunner = (_program, args, { onLine }) => {
    const step = stepOf(args);
    steps.push(step);
    const usual: ProgramRun = step === 'version' ? { ...DONE, stdout: '3.11\n' } : DONE;
    if (step === 'venv') makeVenv(args.at(-1) ?? '');
    if (step === 'pip') ['Collecting vowpalwabbit==9.11.9', '  Downloading 3 MB'].forEach((line) => onLine?.(line));
    return Promise.resolve({ ...usual, ...answers[step] });
  };
  return { run, steps };
}

function stepOf(args: readonly string[]): string {
  if (args[0] === '-m') return args[1] ?? '';
  if (args[0] === '-c') return args[1]?.startsWith('import sys') === true ? 'version' : 'import';
  return args[args.indexOf('--library') + 1] ?? '';
}

function makeVenv(home: string): void {
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', 'python'), '');
}
