/** Where a link may lead from a text that nobody has vouched for: to a page, which VS Code asks about before it opens. */
const openScheme = /^(?:https?|mailto):/i;
/** Where a link's address begins. */
const linkStart = /\]\(\s*<?/g;
/** Where a link's address begins, on a later line. */
export const openLink = /\](?:\(|:)\s*<?\s*$/;
/** A picture; without an address behind it, such as Rust's `vec![1]`, it is none. */
const picture = /!\[(?![^[\]\\]*\](?![([]))/g;
/** A tag, a comment, a declaration, or an address in angle brackets that is none of a page. */
const tag = /<(?=[a-z/!?])(?!(?:https?|mailto):)/gi;
/** The scheme of an address in running text, of which editors and previews make links by themselves. */
const bareScheme = /(?<!(?<![a-z0-9+.-])https?):(?=\/\/)/gi;
/** The same without a scheme, by which Windows opens files of other machines. */
const bareHost = /(?<![:\\/\w])\/(?=\/\S)/g;
/** Commands of formulas that make links, load pictures or code, or style the page; after an odd number of backslashes. */
const formulaCommand =
  /(?<!\\)(?:\\\\)*\\(?=(?:href|url|includegraphics|html[a-z]+|require|class|cssId|style|csname|input|include|data|bbox|mmlToken)(?![a-z]))/gi;
/** Attributes that extensions of previews take over from braces. */
const attributes =
  /\{(?=[^{}]*?(?<![\w-])(?:style|src|href|srcset|background|poster|data|action|formaction|on[a-z]+)\s*=)/gi;

/** Without one of these, none of the above is in a text. */
const mayAct = /[\]<!:/\\{]/;

/** Text that is not code, without power: see InertMarkdown. */
export function inertText(text: string): string {
  if (!mayAct.test(text)) return text;
  return closeBareAddresses(closeLinks(text))
    .replaceAll(tag, '&lt;')
    .replaceAll(picture, '!\\[')
    .replaceAll(formulaCommand, '$&\\')
    .replaceAll(attributes, '&#123;');
}

/** A backslash between the signs of an address is not seen in Markdown, and what is left is no address. */
export function closeBareAddresses(text: string): string {
  return text.replaceAll(bareScheme, ':\\').replaceAll(bareHost, '/\\');
}

export function hasFormulaCommand(text: string): boolean {
  return text.search(formulaCommand) >= 0;
}

/** Addresses of links that are allowed stay; others lead to a file that is not there. */
export function closeLinks(text: string): string {
  let result = '';
  let from = 0;
  for (const { 0: start, index } of text.matchAll(linkStart)) {
    const at = index + start.length;
    const end = endOfBeginning(text, at, start.endsWith('<'));
    result += text.slice(from, at) + closedBeginning(text.slice(at, end));
    from = end;
  }
  return result + text.slice(from);
}

/** The same for a line on which the address of a link that was begun before may stand. */
export function closeContinuedLink(line: string): string {
  const at = /^[\s>]*<?/.exec(line)![0].length;
  const end = endOfBeginning(line, at, line[at - 1] === '<');
  return line.slice(0, at) + closedBeginning(line.slice(at, end)) + line.slice(end);
}

/** The same for an address alone. */
export function closeAddress(address: string): string {
  const end = endOfBeginning(address, 0, false);
  return closedBeginning(address.slice(0, end)) + address.slice(end);
}

/**
 * Where the part of an address ends in which a scheme or a host may be: at the first slash that is not at its very
 * beginning, where the query or the fragment begins, where the address ends, or at a sign that no scheme has.
 */
function endOfBeginning(text: string, from: number, isBracketed: boolean): number {
  let at = from;
  while (text[at] === '/' || text[at] === '\\') at++;
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\' || (char === '&' && text[at + 1] === '#')) at++;
    else if ('/?#()[]\n'.includes(char) || (!isBracketed && /\s/.test(char))) return at;
  }
  return text.length;
}

/** An address's beginning: as it is where it is one of a page, or of a file beside this one. */
function closedBeginning(text: string): string {
  if (openScheme.test(text)) return text;
  const [slashes] = /^[\\/]*/.exec(text)!;
  const namesHost = slashes.replaceAll(/\\([\\/])/g, '$1').length > 1;
  return (
    (namesHost ? `/%2F${text.slice(slashes.length)}` : text)
      // Percent-encoded, the colon ends no scheme any more.
      .replaceAll(/\\?:/g, '%3A')
      .replaceAll(/&(?!(?:amp|lt|gt|#123);)(?=#|\w)/g, '&amp;')
  );
}
