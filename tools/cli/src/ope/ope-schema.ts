import { z } from 'zod';

const numbers = z.array(z.number());
const matrix = z.array(numbers);

const parameters = z.object({
  /** Parameter values per estimator. */
  estimators: z.record(z.string(), numbers).default({}),
  level: z.number().gt(0).lt(1).default(0.05),
  tuning: z
    .object({ candidates: numbers.min(1), delta: z.number().gt(0).lt(1), estimators: z.array(z.string()), rules: z.array(z.string()) })
    .optional(),
});

/** One case of the input format; `data/reference/ope/README.md` says what each array means. What it does not name is let through. */
export const opeCase = z.object({
  name: z.string().min(1),
  pi_e_kind: z.enum(['table', 'per_round']),
  n: z.int().optional(),
  n_actions: z.int().min(1),
  len_list: z.int().min(1),
  action: z.array(z.int32()),
  position: z.array(z.int32()),
  reward: numbers,
  pscore: numbers,
  pi_e_logged: numbers,
  q_hat: matrix.optional(),
  pi_e: matrix,
  parameters,
});

export const opeInput = z.object({ cases: z.array(opeCase).min(1) });

export type OpeCase = z.infer<typeof opeCase>;
