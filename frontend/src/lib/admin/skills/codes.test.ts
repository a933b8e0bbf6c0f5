import { expect, it } from 'vitest';
import { codeOf } from './codes';

it('makes codes that the server takes', () => {
  expect(codeOf('Brüche & Dezimalzahlen')).toBe('bruche-dezimalzahlen');
  expect(codeOf('  x² + Größe ')).toBe('x2-grosse');
  expect(codeOf('数学')).toBe('');
  expect(codeOf('a'.repeat(200))).toHaveLength(64);
});
