import { isFields } from '../../ollama/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A text, and whether it begins a line. */
interface Piece {
  text: string;
  isLine: boolean;
}

/**
 * The text of an element of `@vscode/prompt-tsx`, the format of many tools' results. As there, the first text
 * of an element begins a line, except directly behind another text.
 */
export function elementText(element: Fields): string {
  const { node = element } = element;
  if (!isFields(node)) return '';
  let all = '';
  for (const { text, isLine } of piecesIn({ children: [node] }, true))
    all += isLine && all !== '' && !all.endsWith('\n') ? `\n${text}` : text;
  return all;
}

function piecesIn({ children }: Fields, isBehindText: boolean): Piece[] {
  if (!Array.isArray(children)) return [];
  let isBehind = isBehindText;
  return children.flatMap((child: unknown, index) => {
    if (!isFields(child)) return [];
    const { text, lineBreakBefore } = child;
    const isText = typeof text === 'string';
    const isLine = lineBreakBefore === true || (index === 0 && !isBehind);
    const pieces = isText ? [{ text, isLine }] : piecesIn(child, isBehind);
    isBehind = isText;
    return pieces;
  });
}
