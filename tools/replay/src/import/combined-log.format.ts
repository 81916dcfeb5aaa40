import { isBot } from '@vitrine/feedback';
import { leftOut, malformed, type EventFields, type EventFormat, type Reading, type SourceRecord } from './event-format';
import type { InputFile } from './input-file';
import { lineBundles } from './line-bundles';
import type { LogMapping, LogRule, VisitorSource } from './log-mapping';

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const LINE = new RegExp(`^(\\S+) (\\S+) (.+?) \\[([^\\]]+)\\] ${QUOTED} (\\d{3}) (?:\\d+|-) ${QUOTED} ${QUOTED}(?: (.*))?$`);
const EXTRA = new RegExp(`${QUOTED}|(\\S+)`, 'g');
const REQUEST = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/;
const TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const MAX_PATH_CHARS = 1_900;
const MAX_AGENTS = 10_000;

interface LogLine {
  readonly remoteUser: string;
  readonly time: string;
  readonly request: string;
  readonly status: string;
  readonly agent: string;
  readonly extra: string;
}

/**
 * Access logs of Apache and Nginx in the combined format, with any fields after the user agent. What no person asked for is left out and
 * counted. A server ends every line, so a last line without an end is cut off.
 */
export function combinedLogFormat(input: InputFile, mapping: LogMapping): EventFormat {
  const isRobot = rememberedIsBot();
  const assets = new Set(mapping.assets);
  return {
    hasIds: false,
    records: () => lineBundles(input, { isWhole: () => false }),
    read: ({ content }: SourceRecord): Reading => {
      if (content === '') return leftOut('blank');
      const line = lineOf(content);
      if (line === null) return malformed('not a line of the combined log format');
      const status = Number(line.status);
      if ((status < 200 || status > 299) && status !== 304) return leftOut('status');
      return isRobot(line.agent) ? leftOut('bot') : readRequest(line, mapping, assets);
    },
  };
}

function lineOf(text: string): LogLine | null {
  const match = LINE.exec(text);
  if (match === null) return null;
  const [, , , remoteUser = '', time = '', request = '', status = '', , agent = '', extra = ''] = match;
  return { remoteUser, time, request, status, agent, extra };
}

function readRequest(line: LogLine, mapping: LogMapping, assets: ReadonlySet<string>): Reading {
  const [, method, target] = REQUEST.exec(line.request) ?? [];
  if (method === undefined || target === undefined) return malformed('not a request of HTTP');
  const occurredAt = timeOf(line.time);
  if (occurredAt === null) return malformed('not a time of the combined log format');
  if (method !== 'GET' && !mapping.rules.some((rule) => rule.method === method)) return leftOut('method');
  const { path, query } = pathOf(target);
  if (isAsset(path, assets)) return leftOut('asset');
  const found = mapping.rules.find((rule) => rule.method === method && rule.path.test(path));
  if (found === undefined || found.type === null) return leftOut('unmapped');
  return { kind: 'EVENT', fields: { occurredAt, ...fieldsOf(line, mapping, { rule: found, path, query }) } };
}

function isAsset(path: string, assets: ReadonlySet<string>): boolean {
  return assets.has(/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '');
}

interface Found {
  readonly rule: LogRule;
  readonly path: string;
  readonly query: string;
}

function fieldsOf(line: LogLine, mapping: LogMapping, { rule, path, query }: Found): EventFields {
  const visitorId = mapping.visitorId === undefined ? null : visitorOf(line, mapping.visitorId);
  return {
    type: rule.type,
    // The query is left behind: it is where addresses of people and tokens stand.
    url: `${mapping.site}${path.slice(0, MAX_PATH_CHARS)}`,
    ...(visitorId === null ? {} : { visitorId }),
    ...capturedFrom(rule, path, query),
  };
}

/** @returns the path, decoded where it can be, and the query */
function pathOf(target: string): { readonly path: string; readonly query: string } {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '').replace(/#.*$/, '');
  const mark = local.indexOf('?');
  const [raw, query] = mark < 0 ? [local, ''] : [local.slice(0, mark), local.slice(mark + 1)];
  return { path: decoded(raw), query };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function capturedFrom(rule: LogRule, path: string, query: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  const groups = rule.path.exec(path)?.groups ?? {};
  for (const [name, text] of Object.entries(groups)) if (text !== undefined && text !== '') fields[name] = text;
  const wanted = Object.entries(rule.query);
  if (query === '' || wanted.length === 0) return fields;
  const parameters = new URLSearchParams(query);
  for (const [name, parameter] of wanted) {
    const text = parameters.get(parameter ?? '');
    if (text !== null && text !== '') fields[name] = text;
  }
  return fields;
}

/** @returns null for `-`, which is nobody */
function visitorOf({ remoteUser, extra }: LogLine, source: VisitorSource): string | null {
  if ('field' in source) return known(remoteUser);
  const fields = [...extra.matchAll(EXTRA)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const text = fields[source.extra - 1] ?? '-';
  if (source.cookie === undefined) return known(text);
  const start = `${source.cookie}=`;
  const cookie = text.split(/;\s*/).find((one) => one.startsWith(start));
  return known(cookie === undefined ? '-' : decoded(cookie.slice(start.length)));
}

const known = (text: string): string | null => (text === '-' || text === '' ? null : text);

/** ms since the epoch; null for what is none. */
function timeOf(text: string): number | null {
  const [, day, month = '', year, clock, hours, minutes] = TIME.exec(text) ?? [];
  const at = MONTHS.indexOf(month);
  if (day === undefined || at < 0 || at % 3 !== 0) return null;
  const time = Date.parse(`${year}-${String(at / 3 + 1).padStart(2, '0')}-${day}T${clock}${hours}:${minutes}`);
  return Number.isNaN(time) ? null : time;
}

/** A log holds the same few agents again and again, and the list of robots is long. */
function rememberedIsBot(): (agent: string) => boolean {
  const judged = new Map<string, boolean>();
  return (agent) => {
    const before = judged.get(agent);
    if (before !== undefined) return before;
    if (judged.size >= MAX_AGENTS) judged.clear();
    const verdict = isBot(known(agent));
    judged.set(agent, verdict);
    return verdict;
  };
}
