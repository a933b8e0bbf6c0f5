import { expect, it } from 'vitest';
import { makePassword, secureRandom } from './passwords';

it('makes passwords that no role is too strict for', () => {
  const made = new Set(Array.from({ length: 200 }, () => makePassword()));
  expect(made.size).toBe(200);
  for (const one of made) expect(one).toMatch(/^[a-km-np-z]{2}[a-km-np-z2-9]{2}(-[a-km-np-z]{2}[a-km-np-z2-9]{2}){3}$/);
});

it('draws every value', () => {
  expect(new Set(Array.from({ length: 400 }, () => secureRandom(5)))).toEqual(new Set([0, 1, 2, 3, 4]));
});
