import type { CatalogReader, PolicyVersion } from '@vitrine/catalog';
import type { PolicyVersions } from '@vitrine/delivery';
import type { PolicyCatalog } from '@vitrine/feedback';
import { parsePolicyVersionId, type PolicyVersionId } from '@vitrine/kernel';

/** Stored policy versions as replaying and rebuilding ask for them. */
export function createPolicyVersions(reader: Pick<CatalogReader, 'listPolicies'>): PolicyVersions & PolicyCatalog {
  const find = async (id: PolicyVersionId): Promise<PolicyVersion | null> => {
    const { versions } = await reader.listPolicies(parsePolicyVersionId(id).placementId);
    return versions.find((version) => version.id === id) ?? null;
  };
  return {
    find,
    findVersion: find,
    versionsToFold: async (placementId) => (await reader.listPolicies(placementId)).versions,
  };
}
