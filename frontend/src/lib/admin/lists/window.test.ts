import { describe, expect, it } from 'vitest';
import { TALLEST_PX, heightOf, pagesOf, scrollFor, windowOf } from './window';

describe('windowOf', () => {
  it('holds the rows of the view and spare ones', () => {
    expect(windowOf(1000, 40, 4000, 400, 2)).toEqual({ first: 98, last: 112, offsetPx: 3920 });
  });

  it('ends with the list', () => {
    expect(windowOf(10, 40, 0, 4000)).toEqual({ first: 0, last: 10, offsetPx: 0 });
    expect(windowOf(0, 40, 0, 400)).toEqual({ first: 0, last: 0, offsetPx: 0 });
    expect(windowOf(100, 40, 999_999, 400, 0).last).toBe(100);
  });

  it('reaches every row of a list that is higher than a browser scrolls', () => {
    const [total, row, view] = [1_000_000, 72, 600];
    expect(heightOf(total, row)).toBe(TALLEST_PX);
    expect(windowOf(total, row, TALLEST_PX - view, view, 0).last).toBe(total);
    expect(windowOf(total, row, 0, view, 0).first).toBe(0);
    for (const wanted of [0, 1, 4_321, 500_000, 999_000]) {
      const { first, last } = windowOf(total, row, scrollFor(wanted, total, row, view), view, 1);
      expect(first).toBeLessThanOrEqual(wanted);
      expect(last).toBeGreaterThan(wanted);
    }
  });
});

describe('pagesOf', () => {
  it('names the pages that hold the rows', () => {
    expect(pagesOf(95, 205, 100)).toEqual([0, 1, 2]);
    expect(pagesOf(100, 200, 100)).toEqual([1]);
    expect(pagesOf(5, 5, 100)).toEqual([]);
  });
});
