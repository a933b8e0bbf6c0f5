import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];
export type Tone = 'good' | 'fair' | 'bad' | 'accent' | '';

export const JOB_TONES: Record<Schemas['JobStatus'], Tone> = {
  queued: '',
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'fair',
};

export const QUESTION_TONES: Record<Schemas['QuestionStatus'], Tone> = {
  draft: 'fair',
  review: 'accent',
  published: 'good',
  retired: '',
};

export const IMPORT_TONES: Record<Schemas['ImportState'], Tone> = {
  queued: '',
  running: 'accent',
  checked: 'accent',
  committed: 'good',
  refused: 'bad',
  failed: 'bad',
  cancelled: 'fair',
  undoing: 'accent',
  undone: '',
};

export const ROW_TONES: Record<Schemas['RowOutcome'], Tone> = {
  new: 'good',
  changed: 'accent',
  identical: '',
  near_duplicate: 'fair',
  error: 'bad',
};
