import { describe, expect, it } from 'vitest';
import { columnsOf, firstRow, headerOf, mappingOf } from './columns';

describe('headerOf', () => {
  it('finds the columns whatever stands between them', async () => {
    const header = async (text: string, name = 'a.csv') => headerOf(new File([text], name));
    expect(await header('\uFEFFFrage;Antwort;A;B\n1;2;3;4')).toEqual(['Frage', 'Antwort', 'A', 'B']);
    expect(await header('a\tb\n', 'a.tsv')).toEqual(['a', 'b']);
    expect(await header('')).toEqual(['']);
    expect(await header('PK\x03\x04', 'a.xlsx')).toHaveLength(26);
    expect(await header('PK\x03\x04', 'a.docx')).toEqual([]);
  });
});

describe('firstRow', () => {
  it('understands quotation marks', () => {
    expect(firstRow('"a,""b""", "two\nlines",c\r\nd', ',')).toEqual(['a,"b"', 'two\nlines', 'c']);
  });
});

describe('columnsOf', () => {
  it('names a header that is alone, else the position', () => {
    const header = ['Frage', 'A', 'A', ''];
    const mapping = { question: 0, option_a: 1, option_b: 2, answer: 3, type: undefined };
    expect(columnsOf(mapping, header, true)).toEqual({ question: 'Frage', option_a: 1, option_b: 2, answer: 3 });
    expect(columnsOf({ question: 0 }, header, false)).toEqual({ question: 0 });
  });
});

describe('mappingOf', () => {
  it('finds the columns of an earlier upload again', () => {
    const header = ['Frage', 'A', 'A', ''];
    const mapping = { question: 0, option_a: 1, answer: 3 };
    expect(mappingOf(columnsOf(mapping, header, true), header)).toEqual(mapping);
    expect(mappingOf({ question: 'Frage', answer: 7, tags: 'Thema' }, header)).toEqual({ question: 0 });
  });
});
