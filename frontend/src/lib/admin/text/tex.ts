const NAMES: Record<string, string> = {
  cdot: '·', times: '×', div: '÷', pm: '±', le: '≤', leq: '≤', ge: '≥', geq: '≥', ne: '≠', neq: '≠', approx: '≈',
  circ: '°', pi: 'π', alpha: 'α', beta: 'β', gamma: 'γ', theta: 'θ', lambda: 'λ', mu: 'μ', sigma: 'σ', Delta: 'Δ',
  infty: '∞', to: '→', rightarrow: '→', sqrt: '√', sum: '∑', int: '∫', in: '∈', cup: '∪', cap: '∩', ldots: '…', dots: '…',
}; // prettier-ignore

/** Formulas within plain text, roughly, for lists where drawing each of them would be too much. */
export function plainTex(text: string): string {
  return text.replace(/\\\(([\s\S]*?)\\\)|\\\[([\s\S]*?)\\\]/g, (_, inline?: string, block?: string) => formula(inline ?? block ?? ''));
}

function formula(tex: string): string {
  return tex
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, '$1/$2')
    .replace(/\\(?:text|mathrm|operatorname|mathbf)\s*\{([^{}]*)\}/g, '$1')
    .replace(/\\(?:left|right|displaystyle|quad|qquad)\b|\\[,;:! ]/g, ' ')
    .replace(/\\([a-zA-Z]+)/g, (_, name: string) => NAMES[name] ?? name)
    .replace(/\^\{?°\}?/g, '°')
    .replace(/\\([%$&_{}#])/g, '$1')
    .replace(/[{}]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
