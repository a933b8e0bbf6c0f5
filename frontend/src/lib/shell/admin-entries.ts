import { common } from '$lib/i18n/index.svelte';
import { graph, heart, jobs, list, upload, users } from '$lib/admin/icons';
import { bank, check, home, settings, spark } from '$lib/ui/icons';
import type { Entry } from './entries';

const ADMIN: Entry['roles'] = ['admin'];

/** Those of the classes, the tutor and the help desk come between the content and what keeps the place running. */
export const adminEntries: Entry[] = [
  { href: '/admin', label: () => common().nav.overview, icon: home },
  { href: '/admin/bank', label: () => common().nav.bank, icon: bank },
  { href: '/admin/imports', label: () => common().nav.imports, icon: upload },
  { href: '/admin/review', label: () => common().nav.review, icon: check },
  { href: '/admin/subjects', label: () => common().nav.subjects, icon: graph },
  { href: '/admin/users', label: () => common().nav.users, icon: users, roles: ADMIN },
  { href: '/admin/ai', label: () => common().nav.ai, icon: spark, roles: ADMIN },
  { href: '/admin/jobs', label: () => common().nav.jobs, icon: jobs },
  { href: '/admin/health', label: () => common().nav.health, icon: heart, roles: ADMIN },
  { href: '/admin/audit', label: () => common().nav.audit, icon: list, roles: ADMIN },
  { href: '/settings', label: () => common().nav.settings, icon: settings },
];
