import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const demoFile = z.object({
  /** Which declared order is played; decisions of this installation are drawn from it. */
  seed: z.number().int(),
  status: z.enum(['PLAYING', 'PLAYED']),
  summary: z.unknown(),
});

/** What `start` remembers of its own run over a data directory. */
export type DemoFile = z.output<typeof demoFile>;

const fileOf = (dataDir: string): string => join(dataDir, 'demo.json');

export function readDemoFile(dataDir: string): DemoFile | null {
  if (!existsSync(fileOf(dataDir))) return null;
  const parsed = demoFile.safeParse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  return parsed.success ? parsed.data : null;
}

export function writeDemoFile(dataDir: string, demo: DemoFile): void {
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileOf(dataDir));
}
