import { splitTex } from './split';

const SIGNS: Record<string, string> = {
  lt: '<', gt: '>', le: '≤', leq: '≤', leqslant: '≤', ge: '≥', geq: '≥', geqslant: '≥', ne: '≠', neq: '≠', ll: '≪', gg: '≫',
  approx: '≈', sim: '∼', simeq: '≃', cong: '≅', equiv: '≡', propto: '∝', pm: '±', mp: '∓', cdot: '·', times: '×', div: '÷',
  ast: '∗', star: '⋆', bullet: '•', oplus: '⊕', otimes: '⊗', sqrt: '√', infty: '∞', partial: '∂', nabla: '∇', sum: '∑',
  prod: '∏', int: '∫', oint: '∮', in: '∈', notin: '∉', ni: '∋', subset: '⊂', subseteq: '⊆', supset: '⊃', supseteq: '⊇',
  cup: '∪', cap: '∩', setminus: '∖', emptyset: '∅', varnothing: '∅', forall: '∀', exists: '∃', neg: '¬', lnot: '¬',
  land: '∧', wedge: '∧', lor: '∨', vee: '∨', to: '→', rightarrow: '→', leftarrow: '←', gets: '←', leftrightarrow: '↔',
  uparrow: '↑', downarrow: '↓', mapsto: '↦', implies: '⇒', Rightarrow: '⇒', Leftarrow: '⇐', iff: '⇔', Leftrightarrow: '⇔',
  perp: '⊥', parallel: '∥', angle: '∠', triangle: '△', circ: '°', degree: '°', deg: '°', prime: '′', mid: '|', vert: '|',
  langle: '⟨', rangle: '⟩', lfloor: '⌊', rfloor: '⌋', lceil: '⌈', rceil: '⌉', ell: 'ℓ', hbar: 'ℏ', ldots: '…', dots: '…',
  cdots: '⋯', colon: ':', quad: ' ', qquad: ' ', alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε',
  zeta: 'ζ', eta: 'η', theta: 'θ', vartheta: 'ϑ', iota: 'ι', kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ', pi: 'π',
  rho: 'ρ', sigma: 'σ', tau: 'τ', upsilon: 'υ', phi: 'φ', varphi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω', Gamma: 'Γ', Delta: 'Δ',
  Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π', Sigma: 'Σ', Upsilon: 'Υ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω',
};
/** How something looks or how large it is; only what stands in it is told. */
const LOOKS = new Set([
  'text', 'textbf', 'textit', 'mathrm', 'mathbf', 'mathit', 'mathbb', 'mathcal', 'mathsf', 'operatorname', 'boldsymbol',
  'displaystyle', 'left', 'right', 'big', 'Big', 'bigg', 'vec', 'bar', 'hat', 'tilde', 'dot', 'overline', 'underline',
]);
const RAISED: Record<string, string> = {
  '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹', n: 'ⁿ', '-': '⁻',
};

/** Text with formulas as one line of characters, for menus and long lists, where drawing each is impossible or too much. */
export function plainTex(text: string): string {
  return splitTex(text).map((part) => (part.tex ? lineOf(part.text) : part.text)).join('');
}

function lineOf(tex: string): string {
  return tex
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, (_, over: string, under: string) => `${term(over)}/${term(under)}`)
    .replace(/\\sqrt\s*(?:\[(\w*)\])?\s*\{([^{}]*)\}/g, (_, root: string | undefined, under: string) => `${raised(root ?? '')}√${term(under)}`)
    .replace(/\^\s*\{?\s*\\circ\s*\}?/g, '°')
    .replace(/\^\s*(?:\{([^{}]*)\}|(\w))/g, (_, long?: string, short?: string) => raised(long ?? short ?? ''))
    .replace(/\\([A-Za-z]+)(\s?)/g, (_, name: string, space: string) => LOOKS.has(name) ? '' : (SIGNS[name] ?? name) + space)
    .replace(/\\[,;:! ]/g, ' ')
    .replace(/[\\{}]/g, '')
    .replace(/\s+/g, ' ')
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
