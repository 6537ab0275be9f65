/**
 * Replaces a secret. It contains characters that no model name has, so a name that contains it cannot be
 * used.
 */
const mark = '<secret>';

/** Shorter texts occur in ordinary words. */
const leastLength = 4;

/**
 * Values for programs that require a key although the server does not. They are not secret, and occur in
 * names of models and hosts.
 */
const placeholders =
  /^(?:ollama|none|null|dummy|test|local|localhost|empty|default|unused|not-?needed|(?:sk-)?no-key(?:-required)?|lm-studio|api-?key|token|secret|password)$/i;

/** Names of headers whose values are secret. */
const secretName = /auth|cookie|key|token|secret|pass|credential|session|signature|jwt|bearer|account|sid$/i;
const schemes = /^(?:basic|bearer|digest|negotiate|token|apikey)$/i;

/** Whether a part of a value could be a key, although the name of its header does not show it. */
function looksRandom(part: string): boolean {
  if (/[A-Za-z\d_-]{32}/.test(part)) return true;
  const changes = part.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])/g)?.length ?? 0;
  return part.length >= 12 && changes >= 3 && /^[\w+/=~-]+$/.test(part);
}

/** The secrets in a header: its value, its parts, and their Base64-decoded forms. */
export function secretsOfHeader(name: string, value: string): string[] {
  const parts = value.split(/[\s,;]+/).flatMap((part) => [part, part.replace(/^[\w-]+=/, '')]);
  const texts = [value, ...parts].map((part) => part.replace(/^"(.*)"$/, '$1'));
  const secret = secretName.test(name) ? texts : texts.filter(looksRandom);
  return [...secret, ...secret.flatMap(credentialsIn)].filter((text) => !schemes.test(text));
}

/** The password of `user:password`, and the whole, for Basic authentication. */
function credentialsIn(text: string): string[] {
  const decoded = /^[\w+/-]{4,}={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString() : '';
  const [, password] = /^[\x20-\x7e\u0080-\uffff]*?:([\x20-\x7e\u0080-\uffff]+)$/.exec(decoded) ?? [];
  return password === undefined ? [] : [decoded, password];
}

/** Removes the client's keys from everything a server says, because a server may repeat them. */
export class SecretFilter {
  private readonly known = new Set<string>();
  private pattern: RegExp | undefined;

  /** Adds texts to remove. */
  add(texts: readonly string[]): void {
    const fresh = texts
      .flatMap((text) => [text, unescaped(text)])
      .filter((text) => isSecret(text) && !this.known.has(text));
    if (fresh.length === 0) return;
    for (const text of fresh) this.known.add(text);
    const forms = [...new Set([...this.known].flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
    this.pattern = new RegExp(forms.map(escaped).join('|'), 'gi');
  }

  /** The text without secrets. Unescapes a text whose secrets are hidden in escapes. */
  text(text: string): string {
    if (!this.pattern) return text;
    const plain = unescaped(text);
    const filtered = plain.replace(this.pattern, mark);
    return filtered === plain ? text.replace(this.pattern, mark) : filtered;
  }

  /** The same value with all its texts filtered, field names included. */
  value(value: unknown): unknown {
    if (!this.pattern) return value;
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.text(name), this.value(item)]),
    );
  }
}

function isSecret(text: string): boolean {
  return text.length >= leastLength && !placeholders.test(text);
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** Removes the escapes of JSON, URLs and HTML, which may be nested. */
function unescaped(text: string): string {
  let before = text;
  for (let depth = 0; depth < 3; depth++) {
    const after = before
      .replaceAll(/(?<!\\)\\+u([\da-f]{4})/gi, fromHex)
      .replaceAll(/%([\da-f]{2})/gi, fromHex)
      .replaceAll(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity)
      .replaceAll(/&#x([\da-f]{1,6});/gi, fromHex)
      .replaceAll(/&#(\d{1,7});/g, (_, digits: string) => fromHex('', Number(digits).toString(16)));
    if (after === before) break;
    before = after;
  }
  return before;
}

function fromHex(whole: string, digits: string): string {
  const code = Number.parseInt(digits, 16);
  return code > 0x10_ff_ff ? whole : String.fromCodePoint(code);
}

/**
 * The secret as it is, and in the encodings of URLs, JSON, hexadecimal digits and Base64, at any position in
 * a longer text.
 */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    encodeURI(secret.toWellFormed()),
    encodeURIComponent(secret.toWellFormed()).replaceAll('%20', '+'),
    json,
    json.replaceAll('/', String.raw`\/`),
    bytes.toString('hex'),
    ...base64Forms(bytes),
  ];
  return [...new Set(forms)].filter((form) => form.length >= leastLength);
}

/** Three bytes become four characters, so a text inside a longer one has three possible encodings. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    // Omits characters that also encode bits of neighbouring bytes.
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((padded.length * 8) / 6);
    const text = padded.toString('base64').slice(first, end);
    const forms = [text, text.replaceAll('+', '-').replaceAll('/', '_')];
    return text.length >= 8 ? forms : [];
  });
}

/**
 * As a pattern. In nested JSON there are more backslashes. A run of them is tried from its beginning only, so
 * that the time grows no faster than the text.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    .replaceAll(/(?:\\\\)+/g, String.raw`\\+`)
    .replace(/^\\\\\+/, String.raw`(?<!\\)$&`);
}
