import { expect, it } from 'vitest';
import { piecesOf } from './pieces';

it('takes a gap text apart', () => {
  expect(piecesOf('<p>The sky is [[g1]], grass is [[g2]].</p><p>Right?</p>')).toEqual([
    { html: 'The sky is ' },
    { gap: 'g1' },
    { html: ', grass is ' },
    { gap: 'g2' },
    { html: '.<br><br>Right?' },
  ]);
});

it('leaves other brackets alone', () => {
  expect(piecesOf('a[1] and [[x')).toEqual([{ html: 'a[1] and [[x' }]);
  expect(piecesOf('')).toEqual([]);
});
