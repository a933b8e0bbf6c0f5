import { splitTex } from './split';

const SIGNS: Record<string, string> = {
  cdot: '·', times: '×', div: '÷', pm: '±', le: '≤', leq: '≤', ge: '≥', geq: '≥', ne: '≠', neq: '≠', approx: '≈',
  infty: '∞', pi: 'π', alpha: 'α', beta: 'β', gamma: 'γ', theta: 'θ', lambda: 'λ', mu: 'μ', sigma: 'σ', Delta: 'Δ',
  to: '→', circ: '°', degree: '°', quad: ' ', text: '', mathrm: '', left: '', right: '', ldots: '…', dots: '…',
};
const RAISED: Record<string, string> = {
  '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹', n: 'ⁿ', '-': '⁻',
};

/** Text with formulas as one line of characters, for menus that can show nothing else. */
export function plainTex(text: string): string {
  return splitTex(text).map((part) => (part.tex ? lineOf(part.text) : part.text)).join('');
}

function lineOf(tex: string): string {
  return tex
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, (_, over: string, under: string) => `${term(over)}/${term(under)}`)
    .replace(/\\sqrt\s*\{([^{}]*)\}/g, (_, under: string) => `√${term(under)}`)
    .replace(/\^\s*(?:\{([^{}]*)\}|(\w))/g, (_, long?: string, short?: string) => raised(long ?? short ?? ''))
    .replace(/\\([A-Za-z]+)\s?/g, (_, name: string) => SIGNS[name] ?? name)
    .replace(/\\[,;:! ]/g, ' ')
    .replace(/[\\{}]/g, '')
    .trim();
}

const term = (part: string) => (/^[\w.,]*$/.test(part) ? part : `(${part})`);
const raised = (part: string) => ([...part].every((sign) => sign in RAISED) ? [...part].map((sign) => RAISED[sign]).join('') : `^${part}`);

/** The words of sanitised HTML, with plain formulas. */
export function plainHtml(html: string): string {
  const element = document.createElement('div');
  element.innerHTML = html;
  return plainTex(element.textContent ?? '');
}
