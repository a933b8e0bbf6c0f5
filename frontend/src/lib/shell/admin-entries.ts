import { common } from '$lib/i18n/index.svelte';
import { home, settings } from '$lib/ui/icons';
import type { Entry } from './entries';

export const adminEntries: Entry[] = [
  { href: '/admin', label: () => common().nav.overview, icon: home },
  { href: '/settings', label: () => common().nav.settings, icon: settings },
];
