import type { EventRule } from './cleaning-rule';

/** The shop's own people, as the edge told them by their network: they see banners and leave no trace, as bots do (D4). */
export const internalTrafficRule: EventRule = {
  name: 'internal-traffic',
  check: ({ internal }) => (internal ? { kind: 'REJECT', code: 'INTERNAL_TRAFFIC' } : null),
};
