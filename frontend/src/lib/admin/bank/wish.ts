import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];
export type BankFilters = {
  q: string;
  subject: string;
  skill: string;
  type: string;
  status: string;
  tag: string;
  from: string;
  to: string;
  import: string;
};

/** What the address says, as the API is asked for it; what is no number narrows nothing. */
export function wishOf(filters: BankFilters) {
  return {
    q: filters.q,
    subject_id: filters.subject || null,
    skill_id: filters.skill ? [filters.skill] : [],
    type: filters.type ? [filters.type as Schemas['QuestionType']] : [],
    status: filters.status ? [filters.status as Schemas['QuestionStatus']] : [],
    tag: filters.tag,
    difficulty_min: numberOf(filters.from),
    difficulty_max: numberOf(filters.to),
    import_id: filters.import || null,
  };
}

function numberOf(text: string): number | null {
  const value = Number(text.replace(',', '.'));
  return text.trim() && Number.isFinite(value) ? value : null;
}
