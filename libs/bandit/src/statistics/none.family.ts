import { additiveFamily } from './additive';

/** Nothing is learned: for policies whose choice does not depend on outcomes. */
export const noneFamily = additiveFamily({ name: 'none', version: 1, contextual: false, length: 0 }, () => undefined);
