import { describe, expect, it } from 'vitest';
import { lastDays, streak } from './days';

const today = new Date('2026-03-10T23:30:00Z');
const on = (day: string, answers = 3) => ({ day, answers, score: 2, minutes: 1 });

describe('the last days', () => {
  it('hold a day for each, with and without practice', () => {
    const week = lastDays([on('2026-03-09', 5), on('2026-02-01')], 3, today);
    expect(week.map(({ date, answers }) => [date, answers])).toEqual([
      ['2026-03-08', 0],
      ['2026-03-09', 5],
      ['2026-03-10', 0],
    ]);
  });
});

describe('days in a row', () => {
  it('go on while today is not over', () => {
    expect(streak([on('2026-03-08'), on('2026-03-09')], today)).toBe(2);
    expect(streak([on('2026-03-08'), on('2026-03-09'), on('2026-03-10')], today)).toBe(3);
  });

  it('end at a day without practice', () => {
    expect(streak([on('2026-03-07'), on('2026-03-09')], today)).toBe(1);
    expect(streak([on('2026-03-07')], today)).toBe(0);
    expect(streak([], today)).toBe(0);
  });
});
