/**
 * A sentence for users, with its arguments kept apart. The client writes English and does not know VS Code;
 * the code that shows the sentence can localize the template.
 */
export interface LocalizableMessage {
  /**
   * English, with `{0}`, `{1}` ... for the arguments. A literal, so that it can be extracted for translation.
   */
  readonly template: string;
  readonly args: readonly (string | number)[];
  /** The server's own message on one line, if it says more than the sentence. */
  readonly serverText?: string;
}

/** Creates every text of the client for users. The template must be a literal. */
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
