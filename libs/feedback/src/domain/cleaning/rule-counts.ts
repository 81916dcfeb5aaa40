import type { CleanEvent } from '../clean-event';

/** How many events each rule rejected, mended or noted. */
export type RuleCounts = Readonly<Record<string, number>>;

export function countByRule({
  clean,
  rejections,
}: {
  readonly clean: readonly Pick<CleanEvent, 'notes'>[];
  readonly rejections: readonly { readonly rule: string }[];
}): RuleCounts {
  const counts: Record<string, number> = {};
  for (const { rule } of [...rejections, ...clean.flatMap(({ notes }) => notes)]) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}
