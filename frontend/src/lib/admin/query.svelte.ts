import { goto } from '$app/navigation';
import { page } from '$app/state';

/**
 * Filters that stand in the address, so that a reload, a bookmark and the way back keep them.
 *
 * `defaults` names them all; what equals its default is not written.
 */
export function queryFilters<F extends Record<string, string>>(defaults: F) {
  const first = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, page.url.searchParams.get(name) ?? value]),
  ) as F;
  const values = $state<F>(first);
  const count = $derived(Object.keys(defaults).filter((name) => values[name] !== defaults[name]).length);

  function write(): void {
    const url = new URL(page.url);
    for (const [name, value] of Object.entries(defaults)) {
      const now = values[name as keyof F] as string;
      if (now === value) url.searchParams.delete(name);
      else url.searchParams.set(name, now);
    }
    void goto(url, { replaceState: true, keepFocus: true, noScroll: true });
  }

  return {
    values,
    get count() {
      return count;
    },
    set(changes: Partial<F>): void {
      Object.assign(values, changes);
      write();
    },
    clear(): void {
      Object.assign(values, defaults);
      write();
    },
  };
}
