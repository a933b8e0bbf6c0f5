import { describe, expect, it } from 'vitest';
import katex from 'katex';
import { plainTex } from './plain';
import { spoken, type MathNode } from './speech';
import { hasTex, splitTex } from './split';

/** A reader of the MathML that KaTeX writes: well-formed and without attributes that matter here. */
function parse(xml: string): MathNode {
  const root: MathNode & { children: MathNode[] } = { localName: 'root', textContent: '', children: [] };
  const open = [root];
  for (const [, close, name, text] of xml.matchAll(/<(\/?)(\w+)[^>]*>([^<]*)/g)) {
    if (close) {
      open.pop();
      continue;
    }
    const node = { localName: name ?? '', textContent: decode(text ?? ''), children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  }
  return root;
}

const decode = (text: string) => text.replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&');
const say = (tex: string, language = 'en') =>
  spoken(parse(katex.renderToString(tex, { output: 'mathml' })), language);

describe('formulas in text', () => {
  it('come apart from the words around them', () => {
    expect(splitTex(String.raw`If \(x=1\) then \[y\] or $$z$$.`).map(({ text, tex, display }) => [text, tex, display])).toEqual([
      ['If ', false, false],
      ['x=1', true, false],
      [' then ', false, false],
      ['y', true, true],
      [' or ', false, false],
      ['z', true, true],
      ['.', false, false],
    ]);
  });

  it.each(['5 $ and 6 $', 'a \\ b', String.raw`\( never closed`, ''])('%s has none', (text) => {
    expect(splitTex(text).every((part) => !part.tex)).toBe(true);
  });

  it('are noticed before the code that draws them is fetched', () => {
    expect(hasTex('a < b')).toBe(false);
    expect(hasTex(String.raw`<b>\(x\)</b>`)).toBe(true);
  });
});

describe('a formula in one line of characters', () => {
  it.each([
    [String.raw`\(-15\)`, '-15'],
    [String.raw`\(\frac{3}{4}\)`, '3/4'],
    [String.raw`\(\frac{x+1}{2}\)`, '(x+1)/2'],
    [String.raw`\(x^2 + 2^{10}\)`, 'x² + 2¹⁰'],
    [String.raw`\(\sqrt{2} \cdot \pi \le 5\)`, '√2 · π ≤ 5'],
    [String.raw`3 \(\text{km}\)`, '3 km'],
    [String.raw`\(\lt\)`, '<'],
    [String.raw`\(a \gt b \neq c\)`, 'a > b ≠ c'],
    [String.raw`\(\Omega \in \emptyset \Rightarrow \varphi\)`, 'Ω ∈ ∅ ⇒ φ'],
    [String.raw`\(90^\circ, 20\%\)`, '90°, 20%'],
    [String.raw`\(\sin x \mapsto \vec{v}\)`, 'sin x ↦ v'],
    [String.raw`18 - 12 \(\div 3\,^\circ\)C`, '18 - 12 ÷ 3 °C'],
    [String.raw`\[\sqrt[3]{8} + \sqrt{x}\]`, '³√8 + √x'],
    [String.raw`C:\temp {a} 5^2 \(unclosed`, String.raw`C:\temp {a} 5^2 \(unclosed`],
  ])('%s', (tex, line) => {
    expect(plainTex(tex)).toBe(line);
  });
});

describe('what a formula is called', () => {
  it.each([
    [String.raw`\frac{3}{4}`, '3 over 4'],
    ['x^2 - 4 = 0', 'x squared minus 4 equals 0'],
    [String.raw`\sqrt{2}`, 'square root of 2'],
    ['x_1', 'x sub 1'],
    ['2^{10}', '2 to the power 10'],
    [String.raw`3 \cdot 4 \le 12`, '3 times 4 at most 12'],
    [String.raw`\frac{x+1}{2}`, 'x plus 1 end over 2'],
  ])('%s', (tex, words) => {
    expect(say(tex)).toBe(words);
  });

  it('speaks the language of the page', () => {
    expect(say(String.raw`\frac{3}{4}`, 'de')).toBe('3 durch 4');
  });
});
