import { describe, expect, it } from 'vitest';
import { csvOf } from './csv';

describe('a table as CSV', () => {
  it('quotes what would break it', () => {
    expect(csvOf([['a,b', 'say "x"', 'two\nlines'], [1, 2.5, 'plain']])).toBe(
      '"a,b","say ""x""","two\nlines"\r\n1,2.5,plain\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx', ' =1', '\uFEFF=1', '\u200b=1', '＝1', ' ＠x'])('runs nothing: %s', (formula) => {
    expect(csvOf([[formula]])).toBe(`'${formula}\r\n`);
  });
});
