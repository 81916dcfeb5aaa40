import { EVENT_TYPES } from '@vitrine/feedback';
import { z } from 'zod';

const CAPTURES: ReadonlySet<string> = new Set(['productId', 'category']);
const DEFAULT_ASSETS =
  'avif bmp css eot gif ico jpeg jpg js json map mjs mp3 mp4 otf pdf png svg ttf txt wasm webm webmanifest webp woff woff2 xml zip';

/** A pattern over the decoded path, whose named groups fill fields of the event. */
const pattern = z.string().transform((source, context) => {
  try {
    const named = [...source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map(([, name]) => name ?? '');
    const unknown = named.find((name) => !CAPTURES.has(name));
    if (unknown === undefined) return new RegExp(source, 'u');
    context.addIssue({ code: 'custom', message: `the group ${unknown} names no field: productId and category are known` });
  } catch {
    context.addIssue({ code: 'custom', message: 'not a regular expression' });
  }
  return z.NEVER;
});

const rule = z.strictObject({
  path: pattern,
  /** Null leaves out what the rule matches. */
  type: z.enum(EVENT_TYPES).nullable(),
  method: z.enum(['GET', 'POST']).default('GET'),
  /** Fields that stand in the query, by the name of its parameter. */
  query: z.strictObject({ productId: z.string().min(1).optional(), category: z.string().min(1).optional() }).default({}),
});

/** Where the log names the visitor. An address with a user agent is none: it is many people's, and one person has several. */
const visitorSource = z.union([
  z.strictObject({ field: z.literal('remoteUser') }),
  z.strictObject({
    /** Which of the fields after the user agent, from 1. */
    extra: z.number().int().min(1).max(50),
    /** The field is a Cookie header: take this cookie. */
    cookie: z.string().min(1).optional(),
  }),
]);

export const logMapping = z.strictObject({
  format: z.literal('combined').optional(),
  /** Put before the path to make `url`, for instance `https://shop.example`. */
  site: z.string().default(''),
  visitorId: visitorSource.optional(),
  /** Endings of paths that no person asks for. */
  assets: z.array(z.string().regex(/^\w+$/)).default(DEFAULT_ASSETS.split(' ')),
  /** The first that matches decides. */
  rules: z.array(rule).default([{ path: /^/u, type: 'PAGE_VIEW', method: 'GET', query: {} }]),
});

export type LogMapping = z.infer<typeof logMapping>;
export type LogRule = z.infer<typeof rule>;
export type VisitorSource = z.infer<typeof visitorSource>;
