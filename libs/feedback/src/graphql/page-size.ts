import { DomainError } from '@vitrine/kernel';

export const DEFAULT_PAGE = 20;
export const MAX_PAGE = 100;

/** @throws DomainError BAD_USER_INPUT out of 1 to `MAX_PAGE` */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE;
  if (size >= 1 && size <= MAX_PAGE) return size;
  throw new DomainError('BAD_USER_INPUT', `A page has 1 to ${MAX_PAGE} rows.`, { details: { fields: ['first'] } });
}
