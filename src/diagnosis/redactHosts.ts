import { isIPv4, isIPv6 } from 'node:net';
import { isLoopback } from '../ollama/index.ts';
import { isPrivateAddress } from './addresses.ts';

/** Well-known hosts, whose names identify nobody. */
const wellKnown = new Set(
  `host.docker.internal host.containers.internal gateway.docker.internal localhost
   ollama.com registry.ollama.ai github.com hf.co huggingface.co`.split(/\s+/),
);

/** Endings of host names, as opposed to files, versions or settings. */
const hostEnding =
  /\.(?:com|net|org|edu|gov|info|biz|io|dev|app|ai|co|cloud|online|site|xyz|me|tv|eu|de|at|ch|fr|it|es|nl|be|pl|cz|se|no|dk|fi|uk|ie|us|ca|au|nz|jp|cn|kr|in|br|ru|ua|lan|local|internal|intranet|corp|home|private|localdomain|test|example|invalid|arpa|ts\.net)\.?$/i;

/** A scheme alone, as in "write http:// instead", has no host after it. */
const inUrl =
  /(?<![\w+.-])([\w+.-]+:\/\/(?:<credentials>@)?)(\[[^[\]\s]*\]|[\p{L}\p{N}_%][^\s/:?#<>"'`|\\()[\]]*)/giu;
const withPort = /(?<![\p{L}\p{N}\w.:/<-])([\p{L}\p{N}][\p{L}\p{N}._-]*)(?=:\d{2,5}(?![\w.]))/gu;
const afterAt = /(?<=<credentials>@)(\[[^[\]\s]*\]|[\p{L}\p{N}._-]+)/gu;
const dotted =
  /(?<![\p{L}\p{N}\w.@<-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]+\.?(?![\w-])/gu;
const hexadecimal = /(?<![\w:.])(?:[\da-f]{0,4}:){2,7}(?:\d+(?:\.\d+){3}|[\da-f]{0,4})(?![\w:])/gi;

/**
 * Makes a function that replaces names and addresses of other machines by `<host>`, `<host-2>` ... This
 * machine, private addresses and well-known names stay, because the report is about them.
 */
export function nameHosts(): (text: string) => string {
  const known = new Map<string, string>();
  const named = (host: string): string => {
    if (isHarmless(host)) return host;
    const key = host.toLowerCase().replace(/\.$/, '');
    if (!known.has(key)) known.set(key, known.size === 0 ? '<host>' : `<host-${known.size + 1}>`);
    return known.get(key) ?? '<host>';
  };
  return (text) => {
    const found = text
      .replaceAll(inUrl, (_, scheme: string, host: string) => scheme + named(host))
      .replaceAll(afterAt, named)
      .replaceAll(withPort, (host) => (/^\d+$/.test(host) ? host : named(host)))
      .replaceAll(hexadecimal, (address) => (isIPv6(address) ? named(address) : address))
      .replaceAll(dotted, (name) => (isIPv4(name) || hostEnding.test(name) ? named(name) : name));
    return knownWords(found, known);
  };
}

/** A host that once occurred as an address is replaced everywhere, unless it could be an English word. */
function knownWords(text: string, known: ReadonlyMap<string, string>): string {
  const hosts = [...known].filter(([host]) => /[\d.-]/.test(host));
  return hosts.length === 0 ? text : replaceWords(text, treeOf(hosts));
}

/** Words as a tree of characters, so that all of them are found in one pass. */
interface WordTree {
  next: Map<string, WordTree>;
  /** Replaces the word that ends here. */
  replacement?: string;
}

/** @param words in lower case */
function treeOf(words: readonly (readonly [word: string, replacement: string])[]): WordTree {
  const root: WordTree = { next: new Map() };
  for (const [word, replacement] of words) {
    let tree = root;
    for (const character of word) {
      const next = tree.next.get(character) ?? { next: new Map() };
      tree.next.set(character, next);
      tree = next;
    }
    tree.replacement = replacement;
  }
  return root;
}

const inWord = /[\p{L}\p{N}-]/u;

/** Replaces the longest whole word at each position. */
function replaceWords(text: string, tree: WordTree): string {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length;) {
    const before = characters[at - 1] ?? '';
    const found = before === '.' || inWord.test(before) ? undefined : wordAt(characters, at, tree);
    pieces.push(found?.replacement ?? characters[at]!);
    at = found?.end ?? at + 1;
  }
  return pieces.join('');
}

function wordAt(
  characters: readonly string[],
  start: number,
  tree: WordTree,
): { end: number; replacement: string } | undefined {
  let found: { end: number; replacement: string } | undefined;
  let at = start;
  for (let now: WordTree | undefined = tree; now; now = now.next.get(characters[at++]?.toLowerCase() ?? '')) {
    const isEnd = now.replacement !== undefined && !inWord.test(characters[at] ?? '');
    if (isEnd) found = { end: at, replacement: now.replacement! };
  }
  return found;
}

function isHarmless(host: string): boolean {
  const bare = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .replace(/%.*$/, '');
  if (bare === '' || bare.startsWith('<') || wellKnown.has(bare)) return true;
  return isPrivateAddress(bare) || isLoopback(isIPv6(bare) ? `[${bare}]` : bare);
}
