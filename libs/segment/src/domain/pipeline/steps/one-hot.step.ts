import { demand } from '../pipeline-errors';
import type { StepKit } from '../step-kit';
import type { TrainingFrame } from '../training-frame';

const RARE = '(rare)';
const NONE = -1;

interface OneHot {
  readonly outputs: readonly string[];
  readonly slots: readonly number[];
}

export const oneHotKit: StepKit<'one-hot'> = {
  fit: (spec, { frame }) => {
    const minCount = spec.minCount ?? 1;
    demand(Number.isInteger(minCount) && minCount >= 1, 'one-hot', 'needs a smallest count of at least 1');
    const columns = frame.layout.categoricalChoice(spec.columns);
    const encoded = columns.map((column) => oneHotOf(column, frame, minCount));
    return {
      step: { kind: 'one-hot', columns, outputs: encoded.map(({ outputs }) => outputs), slots: encoded.map(({ slots }) => slots) },
    };
  },

  compile: ({ columns, outputs, slots }, layout) => {
    const registers = Int32Array.from(columns, (column) => layout.categorical(column));
    const blocks = outputs.map((names) => Int32Array.from(names, (name) => layout.addNumeric(name)));
    const slotsOf = slots.map((list) => Int32Array.from(list));
    return {
      reads: [],
      writes: blocks.flatMap((block) => [...block]),
      categorical: true,
      run: ({ numbers, codes }) => {
        for (let i = 0; i < registers.length; i++) {
          const block = blocks[i];
          const code = codes[registers[i] ?? 0] ?? NONE;
          const slot = code < 0 ? NONE : (slotsOf[i]?.[code] ?? NONE);
          if (block !== undefined) for (let at = 0; at < block.length; at++) numbers[block[at] ?? 0] = at === slot ? 1 : 0;
        }
      },
    };
  },

  parse: (fields) => {
    const columns = fields.texts('columns');
    fields.demandLength('outputs', columns.length);
    fields.demandLength('slots', columns.length);
    return { kind: 'one-hot', columns, outputs: fields.textLists('outputs'), slots: fields.numberLists('slots') };
  },
};

/** Outputs in the order of their texts, the rare ones last. A text that only fills what is missing counts as seen where it filled. */
function oneHotOf(column: string, frame: TrainingFrame, minCount: number): OneHot {
  const categories = frame.categoriesOf(column);
  const counts = new Int32Array(categories.length);
  for (const code of frame.codesOf(column)) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  const own = categories.filter((_, code) => (counts[code] ?? 0) >= minCount).sort();
  const slotOf = new Map(own.map((text, slot) => [text, slot]));
  const pooled = categories.some((_, code) => isRare(counts[code] ?? 0, minCount));
  const slots = categories.map((text, code) => (isRare(counts[code] ?? 0, minCount) ? own.length : (slotOf.get(text) ?? NONE)));
  return { outputs: [...own, ...(pooled ? [RARE] : [])].map((text) => `${column}=${text}`), slots };
}

const isRare = (count: number, minCount: number): boolean => count > 0 && count < minCount;
