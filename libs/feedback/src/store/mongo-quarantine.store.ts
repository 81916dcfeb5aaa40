import type { ClientSession, Connection } from 'mongoose';
import { isErrorCode } from '@vitrine/kernel';
import type { QuarantineStore } from '../application/processing.ports';
import type {
  HeldEventSealer,
  QuarantineFilter,
  QuarantineListing,
  QuarantinePage,
  QuarantineReader,
  RedrivableRow,
} from '../application/quarantine.ports';
import type { QuarantineEntry } from '../domain/quarantine-entry';
import { EVENT_TYPES } from '../domain/types';
import { COLLECTIONS, type QuarantineDoc } from './feedback.documents';

const LISTED = {
  eventId: 1,
  rule: 1,
  code: 1,
  type: 1,
  at: 1,
  redrivenAt: 1,
  redrivable: { $eq: [{ $type: '$held' }, 'string'] },
} as const;
const DRIVEN = { rule: 1, held: 1 } as const;
type ListedRow = Pick<QuarantineDoc, '_id' | 'eventId' | 'rule' | 'code' | 'type' | 'at' | 'redrivenAt'> & { readonly redrivable: boolean };
type DrivenRow = Pick<QuarantineDoc, '_id' | 'rule' | 'held'>;

/** `quarantine`. */
export class MongoQuarantineStore implements QuarantineStore<ClientSession>, QuarantineReader {
  private readonly connection: Connection;
  private readonly sealer: HeldEventSealer;

  constructor({ connection, sealer }: { readonly connection: Connection; readonly sealer: HeldEventSealer }) {
    this.connection = connection;
    this.sealer = sealer;
  }

  async hold(session: ClientSession, entries: readonly QuarantineEntry[]): Promise<readonly QuarantineEntry[]> {
    const upserts = entries.map((entry) => ({
      updateOne: { filter: { _id: entry.id }, update: { $setOnInsert: this.toRow(entry) }, upsert: true },
    }));
    const { upsertedIds } = await this.rows().bulkWrite(upserts, { session });
    return entries.filter((_, at) => at in upsertedIds);
  }

  async holdAgain(
    session: ClientSession,
    verdicts: readonly (Pick<QuarantineEntry, 'id' | 'rule' | 'code'> & { readonly at: number })[],
  ): Promise<void> {
    const updates = verdicts.map(({ id, rule, code, at }) => ({
      updateOne: { filter: { _id: id }, update: { $set: { rule, code, redrivenAt: new Date(at) } } },
    }));
    await this.rows().bulkWrite(updates, { session });
  }

  async release(session: ClientSession, ids: readonly string[]): Promise<void> {
    await this.rows().deleteMany({ _id: { $in: [...ids] } }, { session });
  }

  async list(
    filter: QuarantineFilter,
    { first, after }: { readonly first: number; readonly after: { readonly at: number; readonly id: string } | null },
  ): Promise<QuarantinePage> {
    const at = after === null ? null : new Date(after.at);
    const further = at === null ? {} : { $or: [{ at: { $lt: at } }, { at, _id: { $lt: after?.id ?? '' } }] };
    const rows = await this.rows()
      .find<ListedRow>({ $and: [toQuery(filter), further] }, { projection: LISTED })
      .sort({ at: -1, _id: -1 })
      .limit(first + 1)
      .toArray();
    return { rows: rows.slice(0, first).map(toListing), hasNextPage: rows.length > first };
  }

  async *scan(filter: QuarantineFilter): AsyncIterable<RedrivableRow> {
    const query = { ...toQuery(filter), held: { $type: 'string' as const } };
    for await (const row of this.rows().find<DrivenRow>(query, { projection: DRIVEN }).sort({ at: 1, _id: 1 })) yield* this.redrivable(row);
  }

  async find(ids: readonly string[]): Promise<readonly RedrivableRow[]> {
    const rows = await this.rows()
      .find<DrivenRow>({ _id: { $in: [...ids] } }, { projection: DRIVEN })
      .toArray();
    return rows.flatMap((row) => this.redrivable(row));
  }

  private toRow({ eventId, rule, code, type, at, held, visitorHash, id }: QuarantineEntry): Omit<QuarantineDoc, '_id'> {
    return { eventId, rule, code, type, at: new Date(at), held: held === null ? null : this.sealer.seal(id, held), visitorHash };
  }

  /** A row that this version, or this ring of keys, cannot read stays where it is. */
  private redrivable({ _id: id, rule, held }: DrivenRow): readonly RedrivableRow[] {
    const opened = typeof held === 'string' ? this.sealer.open(id, held) : null;
    return opened === null ? [] : [{ id, rule, held: opened }];
  }

  private rows() {
    return this.connection.collection<QuarantineDoc>(COLLECTIONS.quarantine);
  }
}

function toQuery({ rule, eventId, from, before }: QuarantineFilter) {
  const range = { ...(from === null ? {} : { $gte: new Date(from) }), ...(before === null ? {} : { $lt: new Date(before) }) };
  return {
    ...(rule === null ? {} : { rule }),
    ...(eventId === null ? {} : { eventId }),
    ...(from === null && before === null ? {} : { at: range }),
  };
}

function toListing({ _id: id, eventId, rule, code, type, at, redrivable: can, redrivenAt }: ListedRow): QuarantineListing {
  return {
    id,
    eventId,
    rule,
    code: isErrorCode(code) ? code : 'INTERNAL',
    type: EVENT_TYPES.find((known) => known === type) ?? null,
    at: at.getTime(),
    redrivable: can,
    redrivenAt: redrivenAt?.getTime() ?? null,
  };
}
