import { SecretFilter } from '../ollama/index.ts';
import { nameHosts } from './redactHosts.ts';

/** Facts about the user that must not be in a published text. */
export interface Identity {
  /** Home directory; empty when there is none. */
  home: string;
  /** The user's name in the operating system. */
  user: string;
  /** Name of this machine. */
  host: string;
  /** Keys, values of headers and similar. */
  secrets?: readonly string[];
}

/** Makes texts safe to publish. Use one for all related texts, so that a host has the same name in them. */
export type Redactor = (text: string) => string;

/** Account names of many machines or containers, which identify nobody. */
const commonUsers = /^(?:root|user|users|admin|administrator|ubuntu|vscode|node|codespace|ollama)$/i;
const commonHosts = /^(?:localhost|host|server|ollama)$/i;

/**
 * Removes from a text what must not be in a public issue: home directory, user and machine, credentials,
 * keys, names of other machines. In doubt, it removes more.
 */
export function redactor(identity: Identity): Redactor {
  const hosts = nameHosts();
  const steps: Redactor[] = [
    withoutSecrets(identity.secrets ?? []),
    withoutCredentials,
    withoutTokens,
    withoutHome(identity.home),
    withoutUserFolders,
    withoutLongSecrets,
    commonUsers.test(identity.user) ? same : withoutWord(identity.user, '<user>'),
    // First the whole name, then its first part, which often occurs alone.
    ...[identity.host, identity.host.split('.')[0] ?? ''].map((host) =>
      commonHosts.test(host) ? same : withoutWord(host, '<host>'),
    ),
    hosts,
  ];
  return (text) => steps.reduce((rest, step) => step(rest), text);
}

/** {@link redactor} for a single text. */
export function redact(text: string, identity: Identity): string {
  return redactor(identity)(text);
}

const same: Redactor = (text) => text;

function withoutSecrets(secrets: readonly string[]): Redactor {
  const filter = new SecretFilter();
  filter.add(secrets);
  return (text) => filter.text(text);
}

/** `user:password@` in an address with or without a scheme; also the part of a mail address before the @. */
const withoutCredentials: Redactor = (text) =>
  text
    .replaceAll(/[^\s<>"'`|]+/g, withoutUrlCredentials)
    .replaceAll(/(?<![^\s<>"'`|@/])[^\s<>"'`|@/]+@(?=[\w[.-])/g, '<credentials>@');

/**
 * Everything between the first scheme and the last @ of a word, because an address may be in the query of
 * another.
 */
function withoutUrlCredentials(word: string): string {
  const at = word.lastIndexOf('@');
  const scheme = /[\w+.-]:\/\//.exec(word);
  const start = scheme && scheme.index + scheme[0].length;
  return start === null || start > at ? word : `${word.slice(0, start)}<credentials>@${word.slice(at + 1)}`;
}

const named =
  /(?<![\w-])((?:[\w-]*(?:authorization|api[-_]?key|token|secret|password|passwd|cookie)))(["']?\s*[:=]\s*["']?)/;

/** Text after a word for keys, and text that looks like the key of a well-known service. */
const withoutTokens: Redactor = (text) =>
  text
    .replaceAll(
      new RegExp(`${named.source}(?:(?:basic|bearer|digest|negotiate|token)\\s+)?[^\\s"'\`|,;]+`, 'gi'),
      '$1$2<secret>',
    )
    .replaceAll(/\b(basic|bearer|digest|negotiate)\s+(?!<)[^\s"'`|,;]+/gi, '$1 <secret>')
    .replaceAll(
      /\b(?:sk|pk|rk)-[\w-]{8,}|\b(?:gh[opsu]|github_pat|glpat|hf|xox[a-z])[_-][\w-]{8,}|\bAKIA[\dA-Z]{12,}|\beyJ[\w-]{8,}[\w.-]*/g,
      '<secret>',
    );

/** Runs of letters and digits that are too long for a word or the name of a model. */
const withoutLongSecrets: Redactor = (text) =>
  text
    .replaceAll(/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi, '<secret>')
    .replaceAll(/[A-Za-z\d+/_=-]{20,}/g, withoutRandom);

/**
 * Paths and names of models consist of short parts in which letters, digits and capitals are grouped. In keys
 * they are mixed.
 */
function withoutRandom(run: string): string {
  const isMixed = run.length >= 32 && changesIn(run) >= (run.length < 40 ? 7 : 5);
  return isMixed || run.split(/[^A-Za-z\d]+/).some(isRandom) ? '<secret>' : run;
}

function isRandom(part: string): boolean {
  if (part.length >= 32) return true;
  return changesIn(part) >= 3 && (part.length >= 12 || (part.length >= 8 && /\d/.test(part)));
}

function changesIn(text: string): number {
  return text.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])/g)?.length ?? 0;
}

/** Between the parts of a path, plain or as in a URL. */
const separator = String.raw`(?:[\\/]|%2f|%5c)`;
const separators = `${separator}+`;
/** From the first one on, so that a search does not start again inside a run of them. */
const leadingSeparators = `(?<!${separator})${separators}`;

function withoutHome(home: string): Redactor {
  const trimmed = home.replace(/[\\/]+$/, '');
  if (trimmed.length < 2 || /^\/root$/.test(trimmed)) return same;
  const pattern = trimmed
    .split(/[\\/]+/)
    .map((part) => spellings(part).map(escaped).join('|'))
    .map((part) => `(?:${part})`)
    .join(separators);
  const rooted = pattern.replace(`(?:)${separators}`, leadingSeparators);
  const whole = new RegExp(`${rooted}(?![\\p{L}\\p{N}])`, 'giu');
  return (text) => text.replaceAll(whole, '~');
}

/** A name with spaces counts only when a separator follows. */
const userFolder = new RegExp(
  `(${leadingSeparators}(?:home|users)${separators})(?:(?:(?!%2f|%5c)[^\\\\/\\n"'\`|<>:*?]){1,64}(?=${separator})|(?:(?!%2f|%5c)[^\\s\\\\/"'\`|<>:*?,;)])+)`,
  'gi',
);

const withoutUserFolders: Redactor = (text) => text.replaceAll(userFolder, '$1<user>');

/** Letters and digits next to it make it another word; an escape before it does not. */
function withoutWord(word: string, instead: string): Redactor {
  if (word.trim().length < 2) return same;
  const words = spellings(word.trim()).map(escaped).join('|');
  const pattern = new RegExp(
    String.raw`(?:(?<![\p{L}\p{N}])|(?<=%[\da-f]{2})|(?<=\\[nrt]))(?:${words})(?![\p{L}\p{N}])`,
    'giu',
  );
  return (text) => text.replaceAll(pattern, instead);
}

/** The text plain, as in a URL, and as in JSON, each in composed and decomposed Unicode form. */
function spellings(text: string): string[] {
  const forms = [text, text.normalize('NFC'), text.normalize('NFD')];
  const all = forms.flatMap((form) => [form, encoded(form), JSON.stringify(form).slice(1, -1)]);
  return [...new Set(all)].filter(Boolean).toSorted((one, other) => other.length - one.length);
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
