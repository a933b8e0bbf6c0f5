import { expect, it } from 'vitest';
import { plainTex } from './tex';

it('makes formulas readable in a line', () => {
  expect(plainTex('What is \\(18 - 12 \\div 3 \\cdot 2\\)?')).toBe('What is 18 - 12 ÷ 3 · 2?');
  expect(plainTex('It shows \\(-7\\,^\\circ\\)C.')).toBe('It shows -7 °C.');
  expect(plainTex('\\[\\frac{1}{2} \\le \\sqrt{x}\\]')).toBe('1/2 ≤ √x');
});

it('leaves other text alone', () => {
  expect(plainTex('C:\\temp {a} 5^2')).toBe('C:\\temp {a} 5^2');
  expect(plainTex('\\(unclosed')).toBe('\\(unclosed');
});
