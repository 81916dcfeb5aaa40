import { Extensions } from 'type-graphql';
import type { Scope } from './principal';

/** Key of the extension that says who may read a type or field; a test over the built schema demands one everywhere. */
export const ACCESS_EXTENSION = 'access';

/** Marks an object type whose fields are read only through operations that carry this scope. */
export function Access(scope: Scope): ClassDecorator & PropertyDecorator & MethodDecorator {
  return Extensions({ [ACCESS_EXTENSION]: scope }) as ClassDecorator & PropertyDecorator & MethodDecorator;
}

/** Marks an object type that any caller may see. */
export function PublicType(): ClassDecorator {
  return Extensions({ [ACCESS_EXTENSION]: 'public' }) as ClassDecorator;
}

/** Marks a root field that needs no key at all. */
export function PublicField(): PropertyDecorator & MethodDecorator {
  return Extensions({ [ACCESS_EXTENSION]: 'public' }) as PropertyDecorator & MethodDecorator;
}
