import { expect, it } from 'vitest';
import { fractionOf, pointsOf } from './points';

it('leads from points to a share and back', () => {
  expect(fractionOf(3, 4)).toBe(0.75);
  expect(pointsOf(0.75, 4)).toBe(3);
  expect(pointsOf(1 / 3, 5)).toBe(1.67);
});

it('stays between nothing and all', () => {
  expect(fractionOf(9, 4)).toBe(1);
  expect(fractionOf(-1, 4)).toBe(0);
  expect(fractionOf(1, 0)).toBe(0);
});
