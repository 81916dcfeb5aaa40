import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { withBlocks } from './generated-blocks';
import { listFacts } from './policy-facts';
import { indexBlocks, pageBlocks } from './policy-page';

const INDEX = 'README.md';

export interface PageOutcome {
  readonly file: string;
  /** Whether what is generated differs from what stood there. */
  readonly stale: boolean;
}

/**
 * Brings the generated parts of every policy's page, and of the index, up to what the registry says.
 *
 * @param write whether stale pages are written; otherwise they are only named
 * @throws DomainError NOT_FOUND when a policy has no page, CONFIG_INVALID when a page lacks a place for generated text
 */
export function updatePages(folder: string, { write }: { readonly write: boolean }): readonly PageOutcome[] {
  const policies = listFacts();
  const pages = [
    { file: INDEX, blocks: indexBlocks(policies) },
    ...policies.map((facts) => ({ file: `${facts.name}.md`, blocks: pageBlocks(facts) })),
  ];
  const missing = pages.filter(({ file }) => !existsSync(join(folder, file))).map(({ file }) => file);
  if (missing.length > 0) throw new DomainError('NOT_FOUND', `${folder} has no ${missing.join(', ')}: every policy has a page`);
  return pages.map(({ file, blocks }) => {
    const path = join(folder, file);
    const before = readFileSync(path, 'utf8');
    const after = withBlocks(before, blocks, file);
    if (write && after !== before) writeFileSync(path, after);
    return { file, stale: after !== before };
  });
}
