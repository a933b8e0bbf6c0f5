import type { components } from '$lib/api/schema';
import { studentEntries } from './student-entries';

export type Role = components['schemas']['Role'];
export type Entry = {
  href: string;
  label: () => string;
  icon: string;
  /** Entries that are not the student's own list name their roles. */
  roles?: Role[];
};

/** What this role finds in the menu; the server decides what it may do. The first four stand in a phone's bar. */
export async function entriesFor(role: Role): Promise<Entry[]> {
  if (role === 'student') return studentEntries;
  const { adminEntries } = await import('./admin-entries');
  return adminEntries.filter((entry) => !entry.roles || entry.roles.includes(role));
}

export function isCurrent(entry: Entry, path: string): boolean {
  return entry.href === path || (entry.href !== '/' && entry.href !== '/admin' && path.startsWith(`${entry.href}/`));
}
