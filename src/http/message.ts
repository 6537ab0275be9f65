/**
 * A sentence for people, with what varies in it kept apart: the client speaks English and knows no VS Code, and
 * whoever shows the sentence can translate its template.
 */
export interface LocalizableMessage {
  /** English, with `{0}`, `{1}` ... where the arguments go. A literal, so that translators find it. */
  readonly template: string;
  readonly args: readonly (string | number)[];
  /** What a server said, on one line, where that tells more than the sentence. */
  readonly serverText?: string;
}

/** Every text of the client for users is made here; the template must be a literal. */
export function localizable(template: string, ...args: (string | number | undefined)[]): LocalizableMessage {
  return { template, args: args.map((arg) => arg ?? '') };
}

/** The sentence in English. */
export function inEnglish({ template, args, serverText }: LocalizableMessage): string {
  const sentence = template.replaceAll(/\{(\d+)\}/g, (placeholder, index: string) =>
    String(args[Number(index)] ?? placeholder),
  );
  return serverText === undefined ? sentence : `${sentence} ${inEnglish(quoteOf(serverText))}`;
}

/** The sentence that quotes a server. */
export function quoteOf(serverText: string): LocalizableMessage {
  return localizable('The server says: "{0}".', serverText);
}
