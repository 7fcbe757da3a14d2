import type { Role } from '../../backend';
import { m } from '../../messages';

/** What a role is called. */
export function roleName(role: Role): string {
  switch (role) {
    case 'cashier':
      return m.role_cashier();
    case 'supervisor':
      return m.role_supervisor();
    case 'manager':
      return m.role_manager();
    case 'administrator':
      return m.role_administrator();
  }
}
