export type Part = { text: string; tex: boolean; display: boolean };

const TEX = /\\\(([\s\S]+?)\\\)|\\\[([\s\S]+?)\\\]|\$\$([\s\S]+?)\$\$/g;

export function hasTex(html: string): boolean {
  return html.includes('\\(') || html.includes('\\[') || html.includes('$$');
}

/** Text and formulas in their order. `\(…\)` is part of a line; `\[…\]` and `$$…$$` stand in a line of their own. */
export function splitTex(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of text.matchAll(TEX)) {
    if (found.index > end) parts.push({ text: text.slice(end, found.index), tex: false, display: false });
    parts.push({ text: found[1] ?? found[2] ?? found[3] ?? '', tex: true, display: found[1] === undefined });
    end = found.index + found[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), tex: false, display: false });
  return parts;
}
