import { expect, it } from 'vitest';
import { verdictOf } from './verdict';

it('claims only what the interval holds', () => {
  expect(verdictOf({ value: -0.02, low: -0.03, high: -0.01 })).toBe('better');
  expect(verdictOf({ value: 0.02, low: 0.01, high: 0.03 })).toBe('worse');
  expect(verdictOf({ value: -0.02, low: -0.05, high: 0.01 })).toBe('unclear');
  expect(verdictOf({ value: 0, low: 0, high: 0 })).toBe('unclear');
});
