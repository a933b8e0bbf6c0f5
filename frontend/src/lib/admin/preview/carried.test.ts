import { expect, test } from 'vitest';
import type { Content } from '$lib/practice/types';
import { carried } from './carried';

const things = (...ids: string[]) => ids.map((id) => ({ id, html: id }));
const content = (type: Content['type'], more: object) => ({ type, stem: '', ...more }) as Content;

test('an answer stays while what it names is there', () => {
  const before = content('single_choice', { options: things('a', 'b') });
  const now = content('single_choice', { stem: 'New words', options: things('a', 'b', 'c') });
  expect(carried(before, now, { choice: 'b' })).toEqual({ choice: 'b' });
  expect(carried(now, before, { choice: 'c' })).toEqual({});
  const text = content('short_answer', {});
  expect(carried(text, content('short_answer', { stem: 'New words' }), { text: 'Oslo' })).toEqual({ text: 'Oslo' });
});

test('another type begins anew', () => {
  const choice = content('single_choice', { options: things('a') });
  expect(carried(choice, content('multiple_response', { options: things('a') }), { choice: 'a' })).toEqual({ choices: [] });
});

test('an order names every item, pairs both sides, blanks their gap', () => {
  const two = content('ordering', { items: things('a', 'b') });
  const three = content('ordering', { items: things('a', 'b', 'c') });
  expect(carried(two, three, { order: ['b', 'a'] })).toEqual({ order: ['a', 'b', 'c'] });
  const pairs = content('matching', { lefts: things('l'), rights: things('r') });
  expect(carried(pairs, pairs, { pairs: { l: 'r' } })).toEqual({ pairs: { l: 'r' } });
  expect(carried(pairs, content('matching', { lefts: things('l'), rights: things('s') }), { pairs: { l: 'r' } })).toEqual({ pairs: {} });
  const gaps = content('cloze', { gaps: [{ id: 'g', kind: 'text', options: [] }] });
  expect(carried(gaps, content('cloze', { gaps: [] }), { gaps: { g: 'x' } })).toEqual({ gaps: {} });
});
