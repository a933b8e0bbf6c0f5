/** Our columns of a table, and where each is found: by a position counted from 0. */
export type Mapping = Record<string, number | undefined>;

const HEAD_BYTES = 64 * 1024;
const DELIMITERS = [',', ';', '\t', '|'];
const TABLE = /\.(csv|tsv|tab|txt)$/i;
const WORKBOOK = /\.(xlsx|xlsm|ods)$/i;
const LETTERS = 26;
const MOST_COLUMNS = 200;

export const FIELDS = [
  'question',
  'answer',
  'option_a',
  'option_b',
  'option_c',
  'option_d',
  'option_e',
  'type',
  'id',
  'skills',
  'tags',
  'explanation',
  'points',
  'difficulty',
] as const;

/**
 * The cells of the first row of a text table, empty ones for as many columns of a workbook as have a letter, none for
 * anything else. The server reads the file itself.
 */
export async function headerOf(file: File): Promise<string[]> {
  if (WORKBOOK.test(file.name)) return Array<string>(LETTERS).fill('');
  if (!TABLE.test(file.name)) return [];
  const head = await file.slice(0, HEAD_BYTES).text();
  const delimiter = DELIMITERS.reduce((best, one) => (countOf(head, one) > countOf(head, best) ? one : best));
  return firstRow(head.replace(/^\uFEFF/, ''), delimiter).slice(0, MOST_COLUMNS);
}

function countOf(text: string, letter: string): number {
  return text.split('\n', 1)[0]!.split(letter).length;
}

/** The first record of delimited text, quotation marks understood. */
export function firstRow(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index]!;
    if (letter === '"') {
      if (isQuoted && text[index + 1] === '"') cell += text[(index += 1)];
      else isQuoted = !isQuoted;
    } else if (!isQuoted && letter === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (!isQuoted && (letter === '\n' || letter === '\r')) break;
    else cell += letter;
  }
  return [...cells, cell].map((one) => one.trim());
}

/** What the server is told: a header where it names its column alone, else its position. */
export function columnsOf(mapping: Mapping, header: readonly string[], hasHeader: boolean): Record<string, string | number> {
  const found: Record<string, string | number> = {};
  for (const [name, position] of Object.entries(mapping)) {
    if (position === undefined) continue;
    const title = header[position] ?? '';
    const isUnique = title !== '' && header.filter((cell) => cell === title).length === 1;
    found[name] = hasHeader && isUnique ? title : position;
  }
  return found;
}

/** Where the columns of an earlier upload are in this file; those it does not have are left out. */
export function mappingOf(columns: Record<string, string | number>, header: readonly string[]): Mapping {
  const positions = Object.entries(columns).map(
    ([name, column]) => [name, typeof column === 'number' ? column : header.indexOf(column)] as const,
  );
  return Object.fromEntries(positions.filter(([, position]) => position >= 0 && position < header.length));
}
