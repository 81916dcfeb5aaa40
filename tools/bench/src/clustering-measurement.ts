import { err, ok, type Result } from '@vitrine/kernel';
import { z } from 'zod';

const positive = z.number().positive();

const measurement = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  threads: z.number().int().positive(),
  seconds: positive,
  cpuSeconds: z.number().nonnegative(),
  peakMiB: positive,
  centroids: z.array(z.array(z.number())).min(1),
});

/** What one side's program prints about one clustering. `threads` is how many it may use, `centroids` are those of the scaled rows. */
export type ClusteringMeasurement = Readonly<z.infer<typeof measurement>>;

export const parseClustering = (text: string): Result<ClusteringMeasurement, string> => parse(measurement, text);
export const parseInertias = (text: string): Result<readonly number[], string> => parse(z.array(z.number().nonnegative()), text);

/** The error names the first field at fault. */
function parse<T>(schema: z.ZodType<T>, text: string): Result<T, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it did not print JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(`${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'is malformed'}`);
}
