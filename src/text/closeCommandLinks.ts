import { FenceReader, fenceInfo, inertFence } from './fenceReader.ts';
import { closeAddress, closeContinuedLink, closeLinks, openLink } from './inertText.ts';

/** An address of its own, or of a definition, or of an attribute of HTML that leads somewhere. */
const otherAddress =
  /(<(?=[a-z][a-z0-9+.-]*:)|^[\s>]*(?:[-*+]\s+|\d{1,9}[.)]\s+)?\[[^\]]+\]:[ \t]*<?|(?<![\w-])(?:href|src|srcset|action|formaction|data|poster|background)\s*=\s*["']?)([^\s"'<>]*)/gi;

/**
 * Text that is to take the place of a user's Markdown: links that run something, and the names of blocks that previews
 * draw, are closed in every line that is new; everything else is for the user to judge, who sees the difference before
 * it is made.
 */
export function closeCommandLinks(text: string, before: string): string {
  const known = new Set(before.split(/\r?\n/));
  const knownFences = new Set([...known].map(fenceInfo));
  const fences = new FenceReader();
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
