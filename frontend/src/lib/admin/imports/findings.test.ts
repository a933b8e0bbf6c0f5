import { describe, expect, it } from 'vitest';
import { draftsAmong, firstShown, fits } from './findings';

const row = (outcome: 'new' | 'error' | 'identical', severity: 'error' | 'warning' | null, code: string | null, count = 1) => ({
  outcome,
  severity,
  code,
  count,
});
const plain = row('new', null, null, 9);
const unfinished = row('new', 'warning', 'W_ANSWER_MISSING', 2);
const repeated = row('identical', 'warning', 'W_DUP_ROW', 3);
const broken = row('error', 'error', 'E_DUP_OPTION', 4);

describe('what a dry run found', () => {
  it('counts what stays a draft', () => {
    expect(draftsAmong([plain, repeated, broken])).toBe(0);
    expect(draftsAmong([plain, unfinished, broken, row('new', 'warning', 'E_DUP_OPTION')])).toBe(3);
  });

  it('begins with what needs attention', () => {
    expect(firstShown([plain, unfinished, broken])).toBe('error');
    expect(firstShown([plain, unfinished])).toBe('warning');
    expect(firstShown([plain])).toBe('');
  });

  it('shows the rows of a filter', () => {
    expect([plain, unfinished, broken].map((one) => fits(one, 'warning'))).toEqual([false, true, false]);
    expect([plain, unfinished, broken].map((one) => fits(one, 'new'))).toEqual([true, true, false]);
  });
});
