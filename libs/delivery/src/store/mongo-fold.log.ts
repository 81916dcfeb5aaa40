import type { PolicyVersionId } from '@vitrine/kernel';
import { FEEDBACK_COLLECTIONS, type FoldLogDoc } from '@vitrine/feedback';
import type { Connection } from 'mongoose';
import type { FoldLog, FoldNote } from '../application/ports';

/** Reads what folds noted; feedback writes it. */
export class MongoFoldLog implements FoldLog {
  constructor(private readonly connection: Connection) {}

  async find(versionId: PolicyVersionId, revision: number): Promise<FoldNote | null> {
    const notes = this.connection.collection<FoldLogDoc>(FEEDBACK_COLLECTIONS.foldLog);
    const note = await notes.findOne({ versionId, revision }, { projection: { cursor: 1, entries: 1, priorId: 1 } });
    return note === null ? null : { cursor: note.cursor, entries: note.entries, priorId: note.priorId ?? null };
  }
}
