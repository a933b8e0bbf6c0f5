import { api } from '$lib/api/client';
import type { components } from '$lib/api/schema';
import { resource, type Resource } from '$lib/ui/resource.svelte';
import { readAll } from './lists/pages.svelte';

export type Subject = components['schemas']['SubjectRead'];
export type Skill = components['schemas']['SkillRead'];

/** All subjects for a choice; there are dozens of them at most. */
export function subjectList(archived = false): Resource<Subject[]> {
  return resource(() =>
    readAll((cursor) => api.get('/api/v1/subjects', { query: { archived, cursor, limit: 100 } })),
  );
}

/** Skills of a subject in its order; none while no subject is chosen. */
export function skillList(subjectId: () => string): Resource<Skill[]> {
  return resource(async () => {
    const id = subjectId();
    if (!id) return [];
    return readAll((cursor) =>
      api.get('/api/v1/subjects/{subject_id}/skills', { path: { subject_id: id }, query: { cursor, limit: 100 } }),
    );
  });
}
