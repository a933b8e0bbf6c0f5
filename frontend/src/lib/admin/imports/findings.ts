import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];
type Count = Pick<Schemas['RowCount'], 'outcome' | 'severity' | 'code' | 'count'>;

/** Which rows are shown: those of an outcome, those with a warning, or all. */
export type Shown = Schemas['RowOutcome'] | 'warning' | '';

/** What keeps a question that is taken from being published. */
const UNFINISHED = new Set(['W_ANSWER_MISSING', 'W_MISSING_MEDIA', 'E_DUP_OPTION', 'E_EMPTY_OPTION']);

/** How many of the rows that would be stored stay drafts, because something of them is missing. */
export function draftsAmong(counts: readonly Count[]): number {
  return counts
    .filter((one) => one.severity === 'warning' && one.outcome !== 'error' && one.code && UNFINISHED.has(one.code))
    .reduce((sum, one) => sum + one.count, 0);
}

/** What needs attention first. */
export function firstShown(counts: readonly Count[]): Shown {
  if (counts.some((one) => one.outcome === 'error')) return 'error';
  return counts.some((one) => one.severity === 'warning') ? 'warning' : '';
}

export const fits = (one: Count, shown: Shown) => !shown || (shown === 'warning' ? one.severity : one.outcome) === shown;

export function filterOf(shown: Shown): { outcome: Schemas['RowOutcome'] | null; severity: Schemas['Severity'] | null } {
  return shown === 'warning' ? { outcome: null, severity: shown } : { outcome: shown || null, severity: null };
}
