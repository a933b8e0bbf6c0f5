import { describe, expect, it } from 'vitest';
import { changesOf, diffWords } from './diff';

const sides = (before: string, after: string) => {
  const pieces = diffWords(before, after);
  const side = (hidden: string) => pieces.filter(({ kind }) => kind !== hidden).map(({ text }) => text).join('');
  return [side('added'), side('removed')];
};

describe('diffWords', () => {
  it('marks the words that differ', () => {
    expect(diffWords('The red house', 'The blue house')).toEqual([
      { kind: 'same', text: 'The ' },
      { kind: 'removed', text: 'red' },
      { kind: 'added', text: 'blue' },
      { kind: 'same', text: ' house' },
    ]);
  });

  it('gives both texts back, whatever they are', () => {
    const texts = ['', 'a', 'a b', 'b a', '\\(x^2\\) 🙂 e\u0301', 'שלום עולם', 'a '.repeat(4000), `${'b '.repeat(4000)}c`];
    for (const before of texts) for (const after of texts) expect(sides(before, after)).toEqual([before, after]);
  });

  it('says nothing about nothing', () => {
    expect(diffWords('', '')).toEqual([]);
    expect(diffWords('same', 'same')).toEqual([{ kind: 'same', text: 'same' }]);
  });
});

describe('changesOf', () => {
  it('names nested members by their path', () => {
    const before = { stem: 'x', options: [{ id: 'a', html: '1' }, { id: 'b', html: '2' }], tags: ['u', 'v'], points: 1 };
    const after = { stem: 'x', options: [{ id: 'a', html: '3' }], tags: ['u'], points: 2 };
    expect(changesOf(before, after)).toEqual([
      { field: 'options.1.html', before: '1', after: '3' },
      { field: 'options.2', before: '{"id":"b","html":"2"}', after: '' },
      { field: 'tags', before: 'u, v', after: 'u' },
      { field: 'points', before: '1', after: '2' },
    ]);
  });

  it('finds no change in equal values', () => {
    expect(changesOf({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
  });
});
