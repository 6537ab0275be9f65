// Calls functions by the names of their parameters, so that a new text function is measured automatically.
import { docStyleOf } from '../../src/code/docCommentStyles.ts';
import * as lexers from '../../src/code/lexers.ts';

/** The argument for a parameter or property with a name. */
function argumentFor(name: string, text: string): unknown {
  if (/^languageId$|^language$/.test(name)) return 'typescript';
  if (/lines$|^(?:old|fresh|masked|subjects|rest)$/i.test(name)) return text.split('\n');
  if (/^lexer$/.test(name)) return lexers.javascript;
  if (/^style$/.test(name)) return docStyleOf('typescript');
  if (/^(?:is|has|may)[A-Z]|^(?:complete|multiline|begins|closed)$/.test(name)) return false;
  if (/^(?:at|index|offset|from|start|lineNumber)$/.test(name)) return 0;
  if (/^(?:width|unit|room|end|numCtx)$/.test(name)) return Math.max(4, text.length);
  if (/^eol$/.test(name)) return '\n';
  return text;
}

/** The parameters in a function's source: names, and for destructured ones the names of their properties. */
function parametersOf(called: Function): (string | string[])[] {
  const source = called.toString();
  const head = source.slice(source.indexOf('(') + 1, endOfParameters(source));
  const parts = head.match(/\{[^}]*\}|[^,{}]+/g) ?? [];
  return parts.flatMap((part): (string | string[])[] => {
    const plain = part.replace(/=[^]*/, '').trim();
    if (part.startsWith('{'))
      return [
        part
          .slice(1, -1)
          .split(',')
          .flatMap((property) => /[\w$]+/.exec(property) ?? []),
      ];
    return /^[\w$]+$/.test(plain) ? [plain] : [];
  });
}

function endOfParameters(source: string): number {
  let depth = 0;
  for (let at = source.indexOf('('); at < source.length; at++) {
    depth += source[at] === '(' ? 1 : source[at] === ')' ? -1 : 0;
    if (depth === 0) return at;
  }
  return source.length;
}

/** A class that reads a text piece by piece. */
interface Reader {
  add(piece: string): unknown;
  end?: unknown;
  finish?: unknown;
}

/** Characters of a piece: about a token. */
const pieceLength = 4;

function readInPieces(reader: Reader, text: string): void {
  for (let at = 0; at < text.length; at += pieceLength) reader.add(text.slice(at, at + pieceLength));
  if (typeof reader.end === 'function') reader.end(true);
  if (typeof reader.finish === 'function') reader.finish();
}

/**
 * A function of one text for a class that reads it piece by piece, or for a function that gets it in every
 * parameter whose name means nothing else.
 */
export function genericCall(called: Function): (text: string) => unknown {
  if (called.toString().startsWith('class'))
    return (text) => readInPieces(Reflect.construct(called, ['']) as Reader, text);
  const parameters = parametersOf(called);
  return (text) =>
    called(
      ...parameters.map((parameter) =>
        typeof parameter === 'string'
          ? argumentFor(parameter, text)
          : Object.fromEntries(parameter.map((name) => [name, argumentFor(name, text)])),
      ),
    );
}
