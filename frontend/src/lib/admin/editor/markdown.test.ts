import { describe, expect, it } from 'vitest';
import { htmlOf } from './markdown';

describe('htmlOf', () => {
  it('leaves formulas as they are', () => {
    expect(htmlOf('Is \\(a_1 * b_2 * c\\) *big*?')).toBe('<p>Is \\(a_1 * b_2 * c\\) <em>big</em>?</p>');
    expect(htmlOf('\\[\n\\frac{1}{2} < x\n\\]')).toBe('<p>\\[\n\\frac{1}{2} &lt; x\n\\]</p>');
  });

  it('knows lists, emphasis, pictures and HTML', () => {
    expect(htmlOf('- one\n- **two**')).toContain('<li><strong>two</strong></li>');
    expect(htmlOf('![a map](/api/v1/media/1)')).toContain('<img src="/api/v1/media/1" alt="a map">');
    expect(htmlOf('H<sub>2</sub>O')).toBe('<p>H<sub>2</sub>O</p>');
  });

  it('keeps gaps and variables', () => {
    expect(htmlOf('The [[g1]] is {{a}}.')).toBe('<p>The [[g1]] is {{a}}.</p>');
  });
});
