import { assertNever } from '@vitrine/kernel';

/** What a caller may do; `@Authorized(scope)` names one. */
export type Scope =
  | 'decide'
  | 'events:write'
  | 'identity:own'
  | 'identity:any'
  | 'profile:read'
  | 'profile:export'
  | 'profile:erase'
  | 'catalog:read'
  | 'catalog:write'
  | 'policy:write'
  | 'insight:read'
  | 'decision:read'
  | 'segment:train'
  | 'quarantine:read'
  | 'quarantine:redrive';

export const STAFF_ROLES = ['viewer', 'editor', 'admin'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Who calls. `keyId` is a short hash of the key: safe to log. */
export type Principal =
  | { readonly kind: 'publishable'; readonly keyId: string }
  | { readonly kind: 'visitor'; readonly keyId: string; readonly userId: string }
  | { readonly kind: 'secret'; readonly keyId: string }
  | { readonly kind: 'staff'; readonly keyId: string; readonly subject: string; readonly role: StaffRole };

const APP: readonly Scope[] = ['decide', 'events:write'];
const READ: readonly Scope[] = ['profile:read', 'catalog:read', 'insight:read', 'decision:read', 'quarantine:read'];
const SETS: Readonly<Record<string, ReadonlySet<Scope>>> = {
  publishable: new Set(APP),
  visitor: new Set<Scope>([...APP, 'identity:own']),
  secret: new Set<Scope>([
    ...APP,
    ...READ,
    'identity:any',
    'catalog:write',
    'policy:write',
    'segment:train',
    'quarantine:redrive',
    'profile:export',
    'profile:erase',
  ]),
  viewer: new Set(READ),
  editor: new Set<Scope>([...READ, 'catalog:write']),
  admin: new Set<Scope>([
    ...READ,
    'catalog:write',
    'policy:write',
    'segment:train',
    'identity:any',
    'quarantine:redrive',
    'profile:export',
    'profile:erase',
  ]),
};
const NOTHING: ReadonlySet<Scope> = new Set();

export function scopesOf(principal: Principal): ReadonlySet<Scope> {
  switch (principal.kind) {
    case 'publishable':
    case 'visitor':
    case 'secret':
      return SETS[principal.kind] ?? NOTHING;
    case 'staff':
      return SETS[principal.role] ?? NOTHING;
    default:
      return assertNever(principal);
  }
}
