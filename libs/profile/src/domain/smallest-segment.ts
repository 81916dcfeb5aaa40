/** Profiles below which a segment's size, rates and reports are kept back: their numbers would say what single people did. */
export const SMALLEST_SEGMENT = 10;
