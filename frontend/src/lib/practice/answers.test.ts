import { describe, expect, it } from 'vitest';
import { emptyAnswer, isAnswered, moved, optionOfKey, toggled, toSend } from './answers';
import type { Answer, Content } from './types';

const question = (type: Content['type'], more: Partial<Content> = {}): Content =>
  ({ type, stem: '', options: [], lefts: [], rights: [], items: [], gaps: [], units: [], ...more }) as unknown as Content;
const item = (id: string) => ({ id, html: id });

const CASES: [Content, Answer][] = [
  [question('single_choice'), { choice: 'a' }],
  [question('true_false'), { choice: 'true' }],
  [question('multiple_response'), { choices: ['a', 'b'] }],
  [question('short_answer'), { text: 'x' }],
  [question('numerical'), { text: '3 m' }],
  [question('parametric'), { text: '7' }],
  [question('essay'), { text: 'words' }],
  [question('matching', { lefts: [item('l1')], rights: [item('r1')] }), { pairs: { l1: 'r1' } }],
  [question('cloze'), { gaps: { g: 'x' } }],
  [question('hotspot'), { points: [[1, 2]] }],
  [question('flashcard'), { rating: 'good' }],
];

describe('an answer', () => {
  it.each(CASES)('is missing at first and there later', (asked, answer) => {
    expect(isAnswered(asked, emptyAnswer(asked))).toBe(false);
    expect(isAnswered(asked, answer)).toBe(true);
  });

  it('is no white space', () => {
    expect(isAnswered(question('short_answer'), { text: ' \n' })).toBe(false);
  });

  it('is an order from the start', () => {
    const asked = question('ordering', { items: [item('b'), item('a')] });
    expect(emptyAnswer(asked)).toEqual({ order: ['b', 'a'] });
  });

  it('of half the pairs is not finished', () => {
    const asked = question('matching', { lefts: [item('l1'), item('l2')], rights: [item('r')] });
    expect(isAnswered(asked, { pairs: { l1: 'r' } })).toBe(false);
  });

  it('leaves out empty blanks', () => {
    expect(toSend(question('cloze'), { gaps: { a: 'x', b: ' ' } })).toEqual({ gaps: { a: 'x' } });
  });
});

describe('keys', () => {
  it.each([
    ['1', 4, 0],
    ['4', 4, 3],
    ['5', 4, undefined],
    ['a', 4, 0],
    ['D', 4, 3],
    ['z', 26, 25],
    ['0', 9, undefined],
    ['Enter', 4, undefined],
    ['ä', 26, undefined],
  ])('%s of %i', (key, count, index) => {
    expect(optionOfKey(key, count)).toBe(index);
  });
});

describe('lists', () => {
  it('toggle', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });

  it('move within their ends', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
  });
});
