import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];
export type QuestionType = Schemas['QuestionType'];
export type StoredDraft = Schemas['QuestionDraft'];
/** A draft in which everything that may be left out is there, so that forms can bind to it. */
export type Draft = Required<StoredDraft>;
export type Option = Required<Schemas['Option']>;
export type Answer = Required<Schemas['Answer']>;
export type NumericAnswer = Required<Schemas['NumericAnswer']>;
export type Gap = Required<Schemas['Gap']>;
export type Numeric = Required<Schemas['Numeric']>;
export type Hotspot = Required<Schemas['Hotspot']>;
export type Shape = Required<Schemas['Shape']>;
export type Parametric = Required<Schemas['Parametric']>;

const GAP_MARKER = /\[\[([^[\]]{1,64})\]\]/g;
export const MOST_OPTIONS = 26;

export function blankDraft(type: QuestionType, stem = ''): Draft {
  return fitted(
    {
      type,
      stem,
      title: '',
      external_id: null,
      options: [],
      shuffle: true,
      answers: [],
      numeric: null,
      pairs: [],
      distractors: [],
      order: [],
      partial_order: false,
      gaps: [],
      hotspot: null,
      parametric: null,
      rubric: [],
      hints: [],
      explanation: '',
      feedback: {},
      passage: null,
      points: 1,
      penalty: 1 / 3,
      skills: [],
      tags: [],
      category: [],
      language: '',
      media: [],
      difficulty: null,
      status: 'draft',
      location: {},
      extensions: {},
    },
    type,
  );
}

/** What the server sent, with whatever its type needs to be edited. */
export function editable(stored: StoredDraft): Draft {
  const draft = { ...blankDraft('description'), ...structuredClone(stored) } as Draft;
  return fitted(draft, draft.type);
}

/** The draft as another type: what both know stays, and what the new one needs is put in. */
export function fitted(draft: Draft, type: QuestionType): Draft {
  const next: Draft = { ...draft, type };
  const { options } = next;
  if (type === 'true_false' && options.length !== 2) next.options = [option('true'), option('false')];
  if ((type === 'single_choice' || type === 'multiple_response') && options.length < 2) {
    next.options = [...options];
    while (next.options.length < 4) next.options = [...next.options, option()];
  }
  if (type === 'short_answer' && !next.answers.length) next.answers = [textAnswer()];
  if (type === 'numerical' && !next.numeric?.answers?.length) next.numeric = blankNumeric();
  if (type === 'matching' && !next.pairs.length) next.pairs = [1, 2, 3].map(() => ({ id: localId(), left: '', right: '', feedback: '' }));
  if (type === 'ordering' && !next.order.length) next.order = [1, 2, 3].map(() => ({ id: localId(), html: '' }));
  if (type === 'hotspot') next.hotspot ??= { image: '', shapes: [], max_points: 1 };
  if (type === 'parametric') next.parametric ??= { variables: [blankVariable('a')], expression: 'a', kind: 'absolute', tolerance: 0, units: [] };
  return next;
}

export function localId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function option(html = ''): Option {
  return { id: localId(), html, weight: 0, feedback: '' };
}

export function textAnswer(value = ''): Answer {
  return { value, match: 'exact', case_sensitive: false, typo_tolerance: 0, weight: 1, feedback: '' };
}

export function numericAnswer(): NumericAnswer {
  return { value: 0, kind: 'absolute', tolerance: 0, low: null, high: null, weight: 1, feedback: '' };
}

export function blankNumeric(): Numeric {
  return { answers: [numericAnswer()], units: [], unit_required: false };
}

export function blankVariable(name: string): Required<Schemas['Variable']> {
  return { name, values: [], low: 1, high: 10, step: 1 };
}

export function blankGap(id: string): Gap {
  return { id, kind: 'text', answers: [textAnswer()], numeric: null, options: [], weight: 1 };
}

/** The gaps that the text names, in its order; what was written for one that is named no more is dropped. */
export function gapsOf(stem: string, gaps: readonly Gap[]): Gap[] {
  const ids = [...new Set([...stem.matchAll(GAP_MARKER)].map(([, id]) => id!))];
  return ids.map((id) => gaps.find((gap) => gap.id === id) ?? blankGap(id));
}

/** Mark the right options: of one the whole, of several equal shares, each wrong one costing as much as a right one gives. */
export function withRight(options: readonly Option[], right: ReadonlySet<string>, type: QuestionType): Option[] {
  const share = right.size ? 1 / right.size : 0;
  if (type !== 'multiple_response') return options.map((one) => ({ ...one, weight: right.has(one.id) ? 1 : 0 }));
  const wrong = right.size > 1 ? -share : 0;
  return options.map((one) => ({ ...one, weight: right.has(one.id) ? share : wrong }));
}

/** What is sent: only what the type uses, so that leftovers of another type are not stored. */
export function sendable(draft: Draft): StoredDraft {
  const { type } = draft;
  const has = (...types: QuestionType[]) => types.includes(type);
  return {
    ...draft,
    options: has('single_choice', 'multiple_response', 'true_false') ? draft.options : [],
    answers: has('short_answer') ? draft.answers.filter((one) => one.value.trim()) : [],
    numeric: has('numerical') ? draft.numeric : null,
    pairs: has('matching') ? draft.pairs : [],
    distractors: has('matching') ? draft.distractors.filter((one) => one.trim()) : [],
    order: has('ordering') ? draft.order : [],
    gaps: has('cloze') ? gapsOf(draft.stem, draft.gaps as Gap[]) : [],
    hotspot: has('hotspot') ? draft.hotspot : null,
    parametric: has('parametric') ? draft.parametric : null,
    rubric: has('essay') ? draft.rubric : [],
    hints: draft.hints.filter((one) => one.trim()),
    feedback: Object.fromEntries(Object.entries(draft.feedback).filter(([, html]) => html.trim())),
  };
}
