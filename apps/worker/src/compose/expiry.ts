import { ForgetLedgerNames } from '@vitrine/feedback';
import { systemClock } from '@vitrine/kernel';
import type { ChangeMessage, Config } from '@vitrine/platform';
import { ExpireProfiles } from '@vitrine/profile';
import type { Infrastructure } from './infrastructure';

export interface ExpiryDeps {
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly announce: (message: ChangeMessage) => void;
}

/** What no TTL index can remove alone: profiles, whose ids lie elsewhere, and names in the ledger, whose entries stay. */
export function composeExpiry({ config, infrastructure, announce }: ExpiryDeps): () => Promise<number> {
  const shared = { connection: infrastructure.mongo, clock: systemClock };
  const profiles = new ExpireProfiles({ ...shared, keptDays: config.PROFILE_RETENTION_DAYS });
  const names = new ForgetLedgerNames({ ...shared, keptDays: config.TRIAL_RETENTION_DAYS });
  return async () => {
    let rows = 0;
    for (let gone = await profiles.execute(); gone.length > 0; gone = await profiles.execute()) {
      for (const { id, revision } of gone) announce({ kind: 'profile', id, revision });
      rows += gone.length;
    }
    for (let batches = await names.execute(); batches > 0; batches = await names.execute()) rows += batches;
    return rows;
  };
}
