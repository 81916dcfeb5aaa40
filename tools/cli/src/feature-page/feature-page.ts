import { FEATURE_CATALOGUE, type CataloguedFeature } from '@vitrine/profile';
import { markdownTable } from '../policy-pages/markdown-table';

const DAY_MS = 86_400_000;

/** The catalogue as Markdown: per family what it is for, what it is learned from, and a row per feature. */
export function featureTables(): string {
  const families = [...new Set(FEATURE_CATALOGUE.map(({ family }) => family))];
  return families
    .map((family) =>
      familyText(
        family,
        FEATURE_CATALOGUE.filter((feature) => feature.family === family),
      ),
    )
    .join('\n\n');
}

function familyText(family: string, features: readonly CataloguedFeature[]): string {
  const [{ purpose, events }] = [features[0] ?? { purpose: '', events: [] }];
  const rows = features.map(({ name, description, type, unit, window, halfLifeMs }) => [
    `\`${name}\``,
    description,
    type,
    unit,
    halfLifeMs === null ? window : `half-life ${halfLifeMs / DAY_MS} days`,
  ]);
  return [
    `### ${family}`,
    `Purpose: ${purpose}. Learned from ${events.map((event) => `\`${event}\``).join(', ')}.`,
    markdownTable(['name', 'meaning', 'type', 'unit', 'remembers'], rows),
    ...indexedText(features),
  ].join('\n\n');
}

function indexedText(features: readonly CataloguedFeature[]): readonly string[] {
  const indexed = features.filter((feature) => feature.indexed === true).map(({ name }) => `\`${name}\``);
  return indexed.length === 0 ? [] : [`Indexed, for \`profiles\`: ${indexed.join(', ')}.`];
}
