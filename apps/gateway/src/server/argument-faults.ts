import { ArgumentValidationError } from 'type-graphql';

const MAX_FAULTS = 50;

export function isArgumentFault(error: unknown): error is ArgumentValidationError {
  return error instanceof ArgumentValidationError;
}

/**
 * The paths and broken constraints of an input, e.g. `placements.0.slots: max`. Never the values: they are the visitor's, and an error
 * ends up in logs and trackers.
 */
export function argumentFaults(error: ArgumentValidationError): readonly string[] {
  const faults: string[] = [];
  collect(error.extensions['validationErrors'], '', faults);
  return faults.slice(0, MAX_FAULTS);
}

function collect(level: unknown, path: string, faults: string[]): void {
  if (!Array.isArray(level)) return;
  for (const item of level) {
    if (typeof item !== 'object' || item === null) continue;
    const { property, constraints, children }: Record<string, unknown> = { ...item };
    const here = path === '' ? String(property ?? 'input') : `${path}.${String(property)}`;
    if (typeof constraints === 'object' && constraints !== null) faults.push(`${here}: ${Object.keys(constraints).join(', ')}`);
    collect(children, here, faults);
  }
}
