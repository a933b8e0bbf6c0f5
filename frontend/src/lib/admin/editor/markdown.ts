import { marked } from 'marked';

const TEX = /\\\([\s\S]*?\\\)|\\\[[\s\S]*?\\\]/g;
const HELD = /\uE000(\d+)\uE001/g;

/** Markdown as HTML. Formulas are not touched: a backslash or underscore in them is theirs. */
export function htmlOf(markdown: string): string {
  const formulas: string[] = [];
  const held = markdown.replace(TEX, (formula) => `\uE000${formulas.push(formula) - 1}\uE001`);
  const html = marked.parse(held, { async: false, gfm: true, breaks: true });
  return html.replace(HELD, (_, index: string) => escaped(formulas[Number(index)]!)).trim();
}

function escaped(formula: string): string {
  return formula.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** HTML as Markdown that says exactly the same, or null when it holds more than Markdown can say. */
export function markdownOf(html: string, parse: (html: string) => Document = parsed): string | null {
  const body = parse(html).body;
  const formulas: string[] = [];
  const markdown = blocks(body, formulas)?.replace(HELD, (_, index: string) => formulas[Number(index)]!) ?? null;
  if (markdown === null) return null;
  return normal(parse(htmlOf(markdown)).body) === normal(body) ? markdown : null;
}

function parsed(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html');
}

const WRAPS: Record<string, string> = { STRONG: '**', B: '**', EM: '*', I: '*', DEL: '~~' };

function blocks(root: Node, formulas: string[]): string | null {
  const found: string[] = [];
  let line = '';
  for (const node of root.childNodes) {
    const block = node instanceof Element ? blockOf(node, formulas) : undefined;
    if (block === null) return null;
    if (block === undefined) {
      const text = inline(node, formulas);
      if (text === null) return null;
      line += text;
      continue;
    }
    if (line.trim()) found.push(line.trim());
    line = '';
    if (block) found.push(block);
  }
  if (line.trim()) found.push(line.trim());
  return found.join('\n\n');
}

/** Undefined for what is no block, null for one that Markdown does not know. */
function blockOf(element: Element, formulas: string[]): string | null | undefined {
  switch (element.tagName) {
    case 'P':
      return element.attributes.length ? null : inlines(element, formulas);
    case 'UL':
    case 'OL':
      return listOf(element, formulas);
    case 'PRE':
    case 'DIV':
    case 'TABLE':
    case 'BLOCKQUOTE':
    case 'H1':
    case 'H2':
    case 'H3':
    case 'MATH':
      return null;
    default:
      return undefined;
  }
}

function listOf(list: Element, formulas: string[]): string | null {
  if (list.attributes.length) return null;
  const lines = [...list.children].map((item, index) => {
    if (item.tagName !== 'LI' || item.querySelector('ul, ol, p')) return null;
    const text = inlines(item, formulas);
    return text === null ? null : `${list.tagName === 'OL' ? `${index + 1}.` : '-'} ${text}`;
  });
  return lines.includes(null) ? null : lines.join('\n');
}

function inlines(element: Node, formulas: string[]): string | null {
  let text = '';
  for (const node of element.childNodes) {
    const next = inline(node, formulas);
    if (next === null) return null;
    text += next;
  }
  return text;
}

function inline(node: Node, formulas: string[]): string | null {
  if (node.nodeType === 3) return literal(node.nodeValue ?? '', formulas);
  if (!(node instanceof Element)) return null;
  if (node.tagName === 'BR') return '\n';
  if (node.tagName === 'CODE') return node.children.length ? null : `\`${node.textContent}\``;
  if (node.tagName === 'IMG') return pictureOf(node);
  const mark = WRAPS[node.tagName];
  const inside = inlines(node, formulas);
  if (inside === null || mark === undefined || node.attributes.length) return null;
  return `${mark}${inside}${mark}`;
}

function pictureOf(image: Element): string | null {
  const names = image.getAttributeNames().filter((name) => name !== 'src' && name !== 'alt');
  const [src, alt] = [image.getAttribute('src') ?? '', image.getAttribute('alt') ?? ''];
  return names.length || /[()\s]/.test(src) || /[[\]]/.test(alt) ? null : `![${alt}](${src})`;
}

/** Text whose own signs are no Markdown; formulas are set aside as they are. */
function literal(text: string, formulas: string[]): string {
  return text
    .replace(TEX, (formula) => `\uE000${formulas.push(formula) - 1}\uE001`)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_~<>#]/g, '\\$&')
    .replace(/^(\s*)([-+]|\d+[.)])(?=\s)/, '$1\\$2')
    .replace(/^(\s*\d+)\\?([.)])(?=\s)/, '$1\\$2');
}

/** What two texts have in common when they say the same: white space and the shape of the markup aside. */
function normal(body: Element): string {
  return body.innerHTML
    .replace(/<(\/?)b>/g, '<$1strong>')
    .replace(/<(\/?)i>/g, '<$1em>')
    .replace(/^<p>([\s\S]*)<\/p>$/, (whole, inner: string) => (inner.includes('<p>') ? whole : inner))
    .replace(/\s+/g, ' ')
    .replace(/> | </g, (found) => found.trim())
    .trim();
}
