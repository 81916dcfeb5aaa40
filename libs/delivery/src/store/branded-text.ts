import { z } from 'zod';

/** A text that a brand constructor accepts; what it throws becomes an issue of the schema. */
export function branded<T>(brand: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return brand(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is malformed' });
      return z.NEVER;
    }
  });
}
