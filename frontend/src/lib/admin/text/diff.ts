export type Piece = { kind: 'same' | 'removed' | 'added'; text: string };

/** Longer texts are compared as a whole: the table below grows with the product of the lengths. */
const MOST_TOKENS = 1_500;

/** What was removed and added between two texts, word by word; joined, same and added pieces give `after`. */
export function diffWords(before: string, after: string): Piece[] {
  if (before === after) return before ? [{ kind: 'same', text: before }] : [];
  const [old, fresh] = [tokensOf(before), tokensOf(after)];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  return joined([
    { kind: 'same', text: old.slice(0, start).join('') },
    ...middle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    { kind: 'same', text: old.slice(old.length - end).join('') },
  ]);
}

function tokensOf(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}]+|./gsu) ?? [];
}

function middle(old: string[], fresh: string[]): Piece[] {
  if (old.length > MOST_TOKENS || fresh.length > MOST_TOKENS || !old.length || !fresh.length) {
    return [
      { kind: 'removed', text: old.join('') },
      { kind: 'added', text: fresh.join('') },
    ];
  }
  const lengths = commonLengths(old, fresh);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) {
      pieces.push({ kind: 'same', text: old[i]! });
      i += 1;
      j += 1;
    } else if (at(lengths, i + 1, j, fresh.length) >= at(lengths, i, j + 1, fresh.length)) {
      pieces.push({ kind: 'removed', text: old[i++]! });
    } else {
      pieces.push({ kind: 'added', text: fresh[j++]! });
    }
  }
  return [
    ...pieces,
    { kind: 'removed', text: old.slice(i).join('') },
    { kind: 'added', text: fresh.slice(j).join('') },
  ];
}

/** Lengths of the longest common subsequences of all pairs of suffixes, row by row. */
function commonLengths(old: string[], fresh: string[]): Uint16Array {
  const width = fresh.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        old[i] === fresh[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  return lengths;
}

function at(lengths: Uint16Array, i: number, j: number, columns: number): number {
  return lengths[i * (columns + 1) + j]!;
}

function joined(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (!piece.text) continue;
    if (last?.kind === piece.kind) last.text += piece.text;
    else found.push({ ...piece });
  }
  return found;
}

export type Change = { field: string; before: string; after: string };

/** The members in which two values differ, each as readable text; nested ones by path, such as `options.2.html`. */
export function changesOf(before: unknown, after: unknown, path = ''): Change[] {
  if (isPlain(before) && isPlain(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => changesOf(before[name], after[name], path ? `${path}.${name}` : name));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isPlain)) {
    const longest = Math.max(before.length, after.length);
    return Array.from({ length: longest }, (_, index) =>
      changesOf(before[index], after[index], `${path}.${index + 1}`),
    ).flat();
  }
  const [old, fresh] = [textOf(before), textOf(after)];
  return old === fresh ? [] : [{ field: path, before: old, after: fresh }];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && !value.some((item) => typeof item === 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
