import { expect, it } from 'vitest';
import { rightOptions } from './right';

const draft = (weights: number[]) =>
  ({ options: weights.map((weight, index) => ({ id: `d${index}`, html: `text ${index}`, weight })) }) as never;
const content = { options: [2, 0, 1].map((index) => ({ id: `c${index}`, html: `text ${index}` })) } as never;

it('finds the right options in whatever order and by whatever ids they are shown', () => {
  expect(rightOptions(draft([0, 1, 0]), content)).toEqual(['c1']);
  expect(rightOptions(draft([0.5, -0.5, 0.5]), content)).toEqual(['c2', 'c0']);
  expect(rightOptions(draft([0, 0, 0]), content)).toEqual([]);
});
