import { z } from 'zod';

const column = z.string().min(1);
/** What a text is taken from: a column, through a table of values if there is one; always the same; or columns in a text, as `{name}`. */
const textSource = z.union([
  z.strictObject({ column, map: z.record(z.string(), z.string().nullable()).optional() }),
  z.strictObject({ constant: z.string().min(1) }),
  z.strictObject({ template: z.string().min(1) }),
]);
const dateSource = z.strictObject({
  column,
  /** `iso` is ISO 8601, a blank for the T allowed; without an offset of its own it stands in `offset`. */
  date: z.enum(['iso', 'unix-seconds', 'unix-ms']),
  offset: z
    .string()
    .regex(/^(Z|[+-]\d{2}:\d{2})$/, 'an offset is Z, or like +01:00')
    .default('Z'),
});
const moneySource = z.strictObject({
  column,
  /** Minor units in one unit of the column: 100 for euros with cents, 1 when the column is in cents. */
  scale: z.number().int().min(1).max(1_000_000),
  currency: textSource,
  decimal: z.enum(['.', ',']).default('.'),
});
const numberSource = z.strictObject({ column, factor: z.number().positive().default(1) });

export const csvMapping = z.strictObject({
  format: z.literal('csv').optional(),
  delimiter: z.string().length(1).default(','),
  fields: z.strictObject({
    eventId: textSource.optional(),
    type: textSource,
    occurredAt: dateSource,
    visitorId: textSource.optional(),
    token: textSource.optional(),
    productId: textSource.optional(),
    category: textSource.optional(),
    value: moneySource.optional(),
    dwellMs: numberSource.optional(),
    url: textSource.optional(),
    properties: z.record(z.string(), textSource).optional(),
  }),
});

export type CsvMapping = z.infer<typeof csvMapping>;
export type TextSource = z.infer<typeof textSource>;
export type DateSource = z.infer<typeof dateSource>;
export type MoneySource = z.infer<typeof moneySource>;
export type NumberSource = z.infer<typeof numberSource>;
