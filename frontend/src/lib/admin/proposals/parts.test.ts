import { expect, test } from 'vitest';
import { partsOf } from './parts';

const names = (kind: Parameters<typeof partsOf>[0], payload: Record<string, unknown>) => partsOf(kind, payload).map(({ name }) => name);

test('what a proposal leaves empty is left out', () => {
  const payload = { skills: ['Maps'], topic: '', bloom: null, language: 'en', difficulty: null, difficulty_error: null };
  expect(names('metadata', payload)).toEqual(['skills', 'language']);
  expect(partsOf('hints', null)).toEqual([]);
  expect(names('key_check', { options: [], answer: 'Oslo', reason: '' })).toEqual(['answer']);
});

test('feedback and keys name their options by id', () => {
  expect(partsOf('rationale', { feedback: { a: '<p>No.</p>' } })).toEqual([{ name: 'feedback', lines: [{ option: 'a', html: '<p>No.</p>' }] }]);
  expect(partsOf('key_check', { options: ['b'], answer: '', reason: 'x' })[0]).toEqual({ name: 'answer', lines: [{ option: 'b' }] });
});

test('a drafted question marks its right option', () => {
  const draft = { type: 'single_choice', stem: 'What?', options: [{ id: 'a', html: 'A', weight: 1 }, { id: 'b', html: 'B' }] };
  expect(partsOf('draft_question', { draft, quote: 'Said so.' })).toEqual([
    { name: 'stem', lines: [{ html: 'What?' }] },
    { name: 'options', lines: [{ html: 'A', isRight: true }, { html: 'B' }] },
    { name: 'quote', lines: [{ text: 'Said so.' }] },
  ]);
});
