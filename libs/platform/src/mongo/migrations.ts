import { DomainError } from '@vitrine/kernel';
import type { Connection } from 'mongoose';

/** One numbered, forward-only change. `up` is safe to run twice: a process may die between it and the note that it ran. */
export interface Migration {
  /** `<library>-<4 digits>-<what>`, e.g. `feedback-0001-indexes`; run in order of the list. */
  readonly id: string;
  up(connection: Connection): Promise<void>;
}

interface MigrationDoc {
  readonly _id: string;
  readonly at: Date;
}

/**
 * Runs what has not run yet. Two processes may race: every `up` is idempotent, the notes are upserts.
 *
 * @throws DomainError INTERNAL naming the migration that failed
 */
export async function runMigrations(connection: Connection, migrations: readonly Migration[]): Promise<readonly string[]> {
  const notes = connection.collection<MigrationDoc>('migrations');
  const done = new Set((await notes.find({}, { projection: { _id: 1 } }).toArray()).map((note) => note._id));
  const ran: string[] = [];
  for (const migration of migrations) {
    if (done.has(migration.id)) continue;
    try {
      await migration.up(connection);
    } catch (cause) {
      throw new DomainError('INTERNAL', `migration ${migration.id} failed`, { cause });
    }
    await notes.updateOne({ _id: migration.id }, { $set: { at: new Date() } }, { upsert: true });
    ran.push(migration.id);
  }
  return ran;
}
