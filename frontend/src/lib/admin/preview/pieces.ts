export type StemPiece = { html: string; gap?: undefined } | { html?: undefined; gap: string };

/** A gap text taken apart at its markers `[[id]]`; a paragraph that a gap interrupts is shown in one line with it. */
export function piecesOf(stem: string): StemPiece[] {
  const parts = stem.replace(/<p>(?:\s|&nbsp;)*<\/p>/g, '').split(/\[\[([^[\]]{1,64})\]\]/);
  return parts.flatMap((part, index): StemPiece[] => {
    if (index % 2) return [{ gap: part }];
    return part ? [{ html: unwrapped(part) }] : [];
  });
}

/** Block tags that a gap has torn apart would be closed by the parser at the wrong place. */
function unwrapped(html: string): string {
  return html.replace(/<\/p>\s*<p>/g, '<br><br>').replace(/<\/?p>/g, '');
}
