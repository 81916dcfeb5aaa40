import { useMongo } from '@vitrine/testing';
import { runMigrations } from './migrations';

describe('runMigrations', () => {
  const mongo = useMongo();

  it('runs each change once, in order, and goes on after the one that failed', async () => {
    const ran: string[] = [];
    let broken = true;
    const migrations = [
      { id: 'a-0001', up: async () => void ran.push('a') },
      {
        id: 'b-0001',
        up: async () => {
          if (broken) throw new TypeError('no');
          ran.push('b');
        },
      },
    ];
    await expect(runMigrations(mongo.connection(), migrations)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'migration b-0001 failed',
    });
    broken = false;
    expect(await runMigrations(mongo.connection(), migrations)).toEqual(['b-0001']);
    expect(await runMigrations(mongo.connection(), migrations)).toEqual([]);
    expect(ran).toEqual(['a', 'b']);
  });
});
