import type { Command } from 'commander';
import { parsePolicyVersionId, policyVersionId, type PolicyVersionId } from '@vitrine/kernel';
import { printResult, type CliContext } from '../cli-context';
import { withLedger, type LedgerAudit } from '../ledger-audit';

interface LedgerOptions {
  readonly json: boolean;
  readonly policy?: string;
}

export function registerLedger(program: Command, context: CliContext): void {
  const ledger = program.command('ledger').description('what learning is folded from');
  ledger
    .command('verify')
    .description('folds the ledger again and compares with the live state, bit for bit; exits with 1 when they differ')
    .option('--policy <id>', 'only this policy version, for instance promo-coupon@1')
    .option('--json', 'print the outcome as JSON', false)
    .action((options: LedgerOptions) => verify(context, options));
  ledger
    .command('rebuild')
    .description('puts a state folded from the ledger in the place of the live one, as a new revision')
    .option('--policy <id>', 'only this policy version, for instance promo-coupon@1')
    .option('--json', 'print the outcome as JSON', false)
    .action((options: LedgerOptions) => rebuild(context, options));
}

async function chosen(audit: LedgerAudit, policy: string | undefined): Promise<readonly PolicyVersionId[]> {
  if (policy === undefined) return audit.listVersions();
  const { placementId, number } = parsePolicyVersionId(policy);
  return [policyVersionId(placementId, number)];
}

async function verify(context: CliContext, { json, policy }: LedgerOptions): Promise<void> {
  const versions = await withLedger(context, async (audit) => {
    const outcomes = [];
    for (const id of await chosen(audit, policy)) outcomes.push(await audit.verifier.verify(id));
    return outcomes;
  });
  const ok = versions.every((version) => version.ok);
  const lines = versions.flatMap((version) => [
    `${version.ok ? 'equal   ' : 'DIFFERS '} ${version.versionId}: revision ${version.revision}, ${version.batches} batches, ${version.entries} entries`,
    ...version.faults.map(({ kind, where }) => `         ${kind} at ${where}`),
  ]);
  printResult(context, json, { ok, versions }, lines.length === 0 ? ['there is no policy yet'] : lines);
  if (!ok) context.fail();
}

async function rebuild(context: CliContext, { json, policy }: LedgerOptions): Promise<void> {
  const versions = await withLedger(context, async (audit) => {
    const outcomes = [];
    for (const id of await chosen(audit, policy)) {
      const { cursor, entries, skipped } = await audit.rebuilder.replaceLiveState(id);
      outcomes.push({ versionId: id, cursor, entries, skipped });
    }
    return outcomes;
  });
  printResult(
    context,
    json,
    { versions },
    versions.map(({ versionId, cursor, entries }) => `rebuilt  ${versionId}: ${entries} entries up to batch ${cursor}`),
  );
}
