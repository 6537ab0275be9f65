/** Allowed targets of links in a model's text: web pages, which VS Code asks about before opening. */
const openScheme = /^(?:https?|mailto):/i;
/** Start of a link's address. */
const linkStart = /\]\(\s*<?/g;
/** End of a line after which a link's address follows. */
export const openLink = /\](?:\(|:)\s*<?\s*$/;
/** An image. Without an address after it, such as Rust's `vec![1]`, it is not one. */
const picture = /!\[(?![^[\]\\]*\](?![([]))/g;
/** A tag, comment, declaration, or address in angle brackets that is not of a web page. */
const tag = /<(?=[a-z/!?])(?!(?:https?|mailto):)/gi;
/** The scheme of an address in plain text, from which editors and previews make links. */
const bareScheme = /(?<!(?<![a-z0-9+.-])https?):(?=\/\/)/gi;
/** An address without a scheme, by which Windows opens files of other machines. */
const bareHost = /(?<![:\\/a-z0-9])\/(?=\/\S)/gi;
/**
 * Commands in formulas that make links, load images or code, or style the page, after an odd number of
 * backslashes.
 */
const formulaCommand =
  /(?<!\\)(?:\\\\)*\\(?=(?:href|url|includegraphics|html[a-z]+|require|class|cssId|style|csname|input|include|data|bbox|mmlToken)(?![a-z]))/gi;
/** Attributes in braces, which some previews apply. */
const attributes =
  /\{(?=[^{}]*?(?<![\w-])(?:style|src|href|srcset|background|poster|data|action|formaction|on[a-z]+)\s*=)/gi;

/** Without one of these characters, a text contains none of the above. */
const mayAct = /[\]<!:/\\{]/;

/** Disables active content in text that is not code; see InertMarkdown. */
export function inertText(text: string): string {
  if (!mayAct.test(text)) return text;
  let inert = closeBareAddresses(closeLinks(text));
  // Searching for a character is cheaper than for a pattern.
  if (inert.includes('<')) inert = inert.replaceAll(tag, '&lt;');
  if (inert.includes('![')) inert = inert.replaceAll(picture, '!\\[');
  if (inert.includes('\\')) inert = inert.replaceAll(formulaCommand, '$&\\');
  return inert.includes('{') ? inert.replaceAll(attributes, '&#123;') : inert;
}

/** Inserts a backslash into addresses. Markdown does not show it, and the rest is not an address. */
export function closeBareAddresses(text: string): string {
  if (!text.includes('//')) return text;
  return text.replaceAll(bareScheme, ':\\').replaceAll(bareHost, '/\\');
}

export function hasFormulaCommand(text: string): boolean {
  return text.search(formulaCommand) >= 0;
}

/** Keeps allowed link addresses. Others lead to a file that does not exist. */
export function closeLinks(text: string): string {
  if (!text.includes('](')) return text;
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

/** The same for a line that may start with the address of a link from the line before. */
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
 * The end of the part of an address that may contain a scheme or host: at the first slash after its start, at
 * the query or fragment, at the end of the address, or at a character that no scheme contains.
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

/** The start of an address: unchanged for a web page or a relative file. */
function closedBeginning(text: string): string {
  if (openScheme.test(text)) return text;
  const [slashes] = /^[\\/]*/.exec(text)!;
  const namesHost = slashes.replaceAll(/\\([\\/])/g, '$1').length > 1;
  return (
    (namesHost ? `/%2F${text.slice(slashes.length)}` : text)
      // A percent-encoded colon does not end a scheme.
      .replaceAll(/\\?:/g, '%3A')
      .replaceAll(/&(?!(?:amp|lt|gt|#123);)(?=#|\w)/g, '&amp;')
  );
}
