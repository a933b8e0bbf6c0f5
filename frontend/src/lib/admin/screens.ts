import type { Component } from 'svelte';
import { readAll } from '$lib/admin/lists/pages.svelte';
import { api } from '$lib/api/client';
import { admin } from '$lib/i18n/index.svelte';

/**
 * A screen of the staff. They share one route of SvelteKit, because every route is named in a file that students load
 * too, on phones and over slow lines.
 */
export type Screen = {
  /** Its path below `/admin`; `*` stands for an id. */
  path: string;
  code: () => Promise<{ default: Component<{ data: unknown }> }>;
  title: (data: unknown) => string;
  /** What it cannot be drawn without. */
  read?: (id: string) => Promise<unknown>;
  isForAdmins?: true;
};

const screen = <D>(
  path: string,
  code: () => Promise<unknown>,
  read: (id: string) => Promise<D>,
  title: (data: NoInfer<D>) => string,
): Screen => ({ path, code: code as Screen['code'], read, title: title as Screen['title'] });
const plain = (path: string, code: () => Promise<unknown>, title: () => string, more: { isForAdmins?: true } = {}): Screen => ({
  path,
  code: code as Screen['code'],
  title,
  ...more,
});

const readQuestion = (id: string) => api.get('/api/v1/questions/{question_id}', { path: { question_id: id } });
const readImport = async (id: string) => ({ found: await api.get('/api/v1/imports/{import_id}', { path: { import_id: id } }) });

const SCREENS: Screen[] = [
  plain('', () => import('./screens/Overview.svelte'), () => admin().overview.title),
  plain('bank', () => import('./screens/Bank.svelte'), () => admin().bank.title),
  plain('bank/new', () => import('./screens/NewQuestion.svelte'), () => admin().editor.newTitle),
  screen(
    'bank/*',
    () => import('./screens/Question.svelte'),
    async (id) => ({ question: await readQuestion(id) }),
    ({ question }) => admin().editor.editTitle(question.number),
  ),
  screen(
    'bank/*/versions',
    () => import('./screens/Versions.svelte'),
    async (id) => {
      const path = { question_id: id };
      const [question, versions] = await Promise.all([
        readQuestion(id),
        readAll((cursor) => api.get('/api/v1/questions/{question_id}/versions', { path, query: { cursor, limit: 100 } })),
      ]);
      return { question, versions };
    },
    ({ question }) => admin().editor.versionsTitle(question.number),
  ),
  plain('duplicates', () => import('./screens/Duplicates.svelte'), () => admin().pairs.title),
  plain('proposals', () => import('./screens/Proposals.svelte'), () => admin().proposals.title),
  plain('reports', () => import('./screens/Reports.svelte'), () => admin().reports.title),
  plain('essays', () => import('./screens/Essays.svelte'), () => admin().essays.title),
  plain('imports', () => import('./screens/Imports.svelte'), () => admin().imports.title),
  plain('imports/new', () => import('./screens/NewImport.svelte'), () => admin().imports.newTitle),
  screen('imports/*', () => import('./screens/Import.svelte'), readImport, ({ found }) => found.filename),
  screen('imports/*/again', () => import('./screens/NewImport.svelte'), readImport, () => admin().imports.again),
  plain('review', () => import('./screens/ReviewQueue.svelte'), () => admin().review.title),
  screen(
    'review/*',
    () => import('./screens/Review.svelte'),
    async (id) => ({ review: await api.get('/api/v1/question-reviews/{review_id}', { path: { review_id: id } }) }),
    ({ review }) => admin().review.question(review.question_number),
  ),
  plain('subjects', () => import('./screens/Subjects.svelte'), () => admin().subjects.title),
  screen(
    'subjects/*',
    () => import('./screens/Subject.svelte'),
    async (id) => ({ subject: await api.get('/api/v1/subjects/{subject_id}', { path: { subject_id: id } }) }),
    ({ subject }) => subject.title,
  ),
  plain('users', () => import('./screens/Users.svelte'), () => admin().users.title, { isForAdmins: true }),
  plain('users/table', () => import('./screens/UserTable.svelte'), () => admin().users.table.title, { isForAdmins: true }),
  plain('ai', () => import('./screens/Ai.svelte'), () => admin().ai.title, { isForAdmins: true }),
  plain('jobs', () => import('./screens/Jobs.svelte'), () => admin().jobs.title),
  plain('health', () => import('./screens/Health.svelte'), () => admin().health.title, { isForAdmins: true }),
  plain('audit', () => import('./screens/Audit.svelte'), () => admin().audit.title, { isForAdmins: true }),
];

/** The screen of a path below `/admin`, and the id in it; words come before ids. */
export function findScreen(path: string): { screen: Screen; id: string } | undefined {
  const parts = path.split('/').filter(Boolean);
  const exact = SCREENS.find((one) => one.path === parts.join('/'));
  if (exact) return { screen: exact, id: '' };
  const found = SCREENS.find((one) => {
    const pattern = one.path.split('/');
    return pattern.length === parts.length && pattern.every((part, index) => part === '*' || part === parts[index]);
  });
  return found && { screen: found, id: parts[1] ?? '' };
}
