import type { PolicyParameter } from '@vitrine/bandit';
import { markdownTable } from './markdown-table';
import { defaultText, rangeText, unitText } from './parameter-text';
import type { PolicyFacts } from './policy-facts';
import { plotCaption } from './regret-plot';

export const plotFile = (policy: string): string => `${policy}.svg`;
const code = (text: string): string => `\`${text}\``;
const yesNo = (yes: boolean): string => (yes ? 'yes' : 'no');

/** What the registry knows, for the page of one policy: by the name of its markers. */
export function pageBlocks(facts: PolicyFacts): Readonly<Record<string, string>> {
  return {
    summary: facts.summary,
    facts: factTable(facts),
    parameters: parameterTable(facts.parameters),
    plot: `![Pseudo-regret of ${facts.name}](plots/${plotFile(facts.name)})\n\n${plotCaption(facts.name)}`,
  };
}

function factTable({ contextual, deterministic, family, mergeable, unfoldable, pooled, rewards, complexity, paper }: PolicyFacts): string {
  return markdownTable(
    ['property', 'value'],
    [
      ['reads the context', yesNo(contextual)],
      ['deterministic', deterministic ? 'yes: its logs need a floor to judge other policies' : 'no'],
      ['rewards', rewards === 'unit' ? 'in [0, 1]' : 'any'],
      ['statistics', code(family)],
      ['partial statistics merge', yesNo(mergeable)],
      ['an entry can be un-folded', unfoldable ? 'yes' : 'no: rebuilt without it'],
      ['banners inform each other', yesNo(pooled)],
      ['cost of a decision', complexity.decide],
      ['cost of an entry', complexity.learn],
      ['state', complexity.state],
      ['paper', paper ?? 'none'],
    ],
  );
}

function parameterTable(parameters: Readonly<Record<string, PolicyParameter>>): string {
  const rows = Object.entries(parameters).map(([name, parameter]) => [
    code(name),
    parameter.description,
    code(defaultText(parameter)),
    rangeText(parameter),
    unitText(parameter),
  ]);
  return rows.length === 0 ? 'None.' : markdownTable(['name', 'meaning', 'default', 'range', 'unit'], rows);
}

/** The table of all policies, for the index. */
export function indexBlocks(policies: readonly PolicyFacts[]): Readonly<Record<string, string>> {
  const rows = policies.map(({ name, contextual, summary, deterministic, unfoldable }) => [
    `[${name}](${name}.md)`,
    yesNo(contextual),
    yesNo(deterministic),
    yesNo(unfoldable),
    summary,
  ]);
  return { index: markdownTable(['policy', 'reads context', 'deterministic', 'un-folds', 'what it does'], rows) };
}
