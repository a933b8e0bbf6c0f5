import { expect, it } from 'vitest';
import { bytes } from './bytes';

it.each([
  [1, '1 byte'],
  [400, '400 bytes'],
  [1536, '1.5 kB'],
  [200 * 1024 ** 2, '200 MB'],
])('%i is %s', (size, words) => {
  expect(bytes(size)).toBe(words);
});
