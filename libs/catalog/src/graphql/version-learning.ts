import type { PolicyVersionId } from '@vitrine/kernel';
import type { PolicyLearningReader } from '../application/ports';
import { PolicyLearningType, type VersionLearning } from './policy-version.types';

/** How far the given versions have learned, with one query for all of them, made when the first is asked for. */
export function versionLearning(reader: PolicyLearningReader, ids: readonly PolicyVersionId[]): VersionLearning {
  let asked: ReturnType<PolicyLearningReader['heads']> | null = null;
  return async ({ id }) => {
    const learning = (await (asked ??= reader.heads(ids))).get(id);
    return learning === undefined ? null : new PolicyLearningType(learning);
  };
}
