import { CertainCode, fenceInfo, inertFence } from './certainCode.ts';
import { closeAddress, closeContinuedLink, closeLinks, openLink } from './inertText.ts';

/** An address without a link, in a definition, or in an HTML attribute. */
const otherAddress =
  /(<(?=[a-z][a-z0-9+.-]*:)|^[\s>]*(?:[-*+]\s+|\d{1,9}[.)]\s+)?\[[^\]]+\]:[ \t]*<?|(?<![\w-])(?:href|src|srcset|action|formaction|data|poster|background)\s*=\s*["']?)([^\s"'<>]*)/gi;

/**
 * Text that will replace a user's Markdown. In every new line, links that run something and the names of
 * rendered blocks are disabled. The rest needs no change, because the user sees the diff first.
 */
export function closeCommandLinks(text: string, before: string): string {
  const known = new Set(before.split(/\r?\n/));
  const knownFences = new Set([...known].map(fenceInfo));
  const fences = new CertainCode();
  let linkBegun = false;
  return text
    .split('\n')
    .map((line) => {
      const plain = line.replace(/\r$/, '');
      const kind = fences.read(plain);
      const continues = linkBegun;
      linkBegun = kind === 'text' && openLink.test(plain) && !known.has(plain);
      if (kind === 'code' || (known.has(plain) && !continues)) return line;
      if (knownFences.has(fenceInfo(plain))) return closed(line, continues);
      return closed(inertFence(plain), continues) + line.slice(plain.length);
    })
    .join('\n');
}

function closed(line: string, continues: boolean): string {
  return closeLinks(continues ? closeContinuedLink(line) : line).replaceAll(
    otherAddress,
    (_, start: string, address: string) => start + closeAddress(address),
  );
}
