/** What a formula is called when it is read out, from its MathML. Short and unambiguous rather than complete. */
type Words = {
  over: string;
  squared: string;
  cubed: string;
  power: string;
  sub: string;
  root: string;
  nthRoot: (degree: string) => string;
  end: string;
  operators: Record<string, string>;
};

const EN: Words = {
  over: 'over',
  squared: 'squared',
  cubed: 'cubed',
  power: 'to the power',
  sub: 'sub',
  root: 'square root of',
  nthRoot: (degree) => `${degree}th root of`,
  end: 'end',
  operators: {
    '−': 'minus', '-': 'minus', '+': 'plus', '=': 'equals', '⋅': 'times', '×': 'times', '÷': 'divided by', ':': 'to',
    '<': 'less than', '>': 'greater than', '≤': 'at most', '≥': 'at least', '≠': 'not equal to', '≈': 'about',
    '±': 'plus or minus', '∞': 'infinity', '∑': 'sum', '∫': 'integral', '→': 'to', '∣': 'vertical bar', '|': 'bar',
    '∈': 'in', '∘': 'degrees', '%': 'percent', '!': 'factorial', '′': 'prime',
  },
};

const DE: Words = {
  over: 'durch',
  squared: 'Quadrat',
  cubed: 'hoch drei',
  power: 'hoch',
  sub: 'Index',
  root: 'Wurzel aus',
  nthRoot: (degree) => `${degree}-te Wurzel aus`,
  end: 'Ende',
  operators: {
    '−': 'minus', '-': 'minus', '+': 'plus', '=': 'gleich', '⋅': 'mal', '×': 'mal', '÷': 'geteilt durch', ':': 'zu',
    '<': 'kleiner als', '>': 'größer als', '≤': 'höchstens', '≥': 'mindestens', '≠': 'ungleich', '≈': 'ungefähr',
    '±': 'plus oder minus', '∞': 'unendlich', '∑': 'Summe', '∫': 'Integral', '→': 'nach', '∣': 'senkrechter Strich',
    '|': 'Strich', '∈': 'Element von', '∘': 'Grad', '%': 'Prozent', '!': 'Fakultät', '′': 'Strich',
  },
};

/** The part of an element that is needed, so that it can be tested without a browser. */
export type MathNode = { localName: string; textContent: string | null; children: ArrayLike<MathNode> };

export function spoken(math: MathNode, language: string): string {
  return say(math, language === 'de' ? DE : EN).replace(/\s+/g, ' ').trim();
}

function say(node: MathNode, words: Words): string {
  const parts = Array.from(node.children).map((child) => ({ child, text: say(child, words) }));
  const [first = '', second = '', third = ''] = parts.map(({ text }) => text.trim());
  switch (node.localName) {
    case 'mfrac':
      return ` ${group(parts[0], words)} ${words.over} ${group(parts[1], words)} `;
    case 'msqrt':
      return ` ${words.root} ${parts.map(({ text }) => text).join('')} ${needsEnd(node) ? words.end : ''} `;
    case 'mroot':
      return ` ${words.nthRoot(second)} ${first} `;
    case 'msup':
      return ` ${first} ${power(second, words)} `;
    case 'msub':
      return ` ${first} ${words.sub} ${second} `;
    case 'msubsup':
      return ` ${first} ${words.sub} ${second} ${power(third, words)} `;
    case 'mo':
      return operator(node.textContent ?? '', words);
    case 'annotation':
      return '';
    default:
      return parts.length ? parts.map(({ text }) => text).join('') : (node.textContent ?? '');
  }
}

function operator(sign: string, words: Words): string {
  if (/[\u2061-\u2064]/.test(sign)) return ' ';
  return ` ${words.operators[sign] ?? sign} `;
}

function power(exponent: string, words: Words): string {
  if (exponent === '2') return words.squared;
  if (exponent === '3') return words.cubed;
  return exponent === words.operators['∘'] ? exponent : `${words.power} ${exponent}`;
}

/** Two or more things above or below a line are said as one. */
function group(part: { child: MathNode; text: string } | undefined, words: Words): string {
  if (!part) return '';
  return part.child.children.length > 1 ? `${part.text} ${words.end}` : part.text;
}

function needsEnd(node: MathNode): boolean {
  return node.children.length > 1;
}
