import { DomainError } from '@vitrine/kernel';

const beginOf = (name: string): string => `<!-- generated: ${name} -->`;
const END = '<!-- /generated -->';

/**
 * Puts generated text between its markers; everything else in the document is written by people and stays.
 *
 * @param blocks text by the name of its markers
 * @throws DomainError CONFIG_INVALID when the document has not exactly one place for a block, or leaves one open
 */
export function withBlocks(document: string, blocks: Readonly<Record<string, string>>, file: string): string {
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const begin = beginOf(name);
    const from = text.indexOf(begin);
    const to = text.indexOf(END, from);
    if (from < 0 || to < 0 || text.includes(begin, from + 1)) {
      throw new DomainError('CONFIG_INVALID', `${file} needs exactly one place for generated text: ${begin} ... ${END}`);
    }
    return `${text.slice(0, from)}${begin}\n\n${block}\n\n${text.slice(to)}`;
  }, document);
}
