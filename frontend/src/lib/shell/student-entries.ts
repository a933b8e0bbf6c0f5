import { common } from '$lib/i18n/index.svelte';
import { home, practice, progress, search, settings } from '$lib/ui/icons';
import type { Entry } from './entries';

export const studentEntries: Entry[] = [
  { href: '/', label: () => common().nav.home, icon: home },
  { href: '/practice', label: () => common().nav.practice, icon: practice },
  { href: '/progress', label: () => common().nav.progress, icon: progress },
  { href: '/search', label: () => common().nav.search, icon: search },
  { href: '/settings', label: () => common().nav.settings, icon: settings },
];
