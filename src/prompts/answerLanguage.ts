/**
 * The sentence that makes a model answer in a language. It is the last one of the prompt, after the code, so
 * that the server's cache of the code fits every language. The rest of the prompt stays English, which small
 * models follow best.
 * @param language its English name, such as `German`; undefined for English
 */
export function languageSentence(language: string | undefined): string {
  return language ? `\n\nWrite in ${language}. Code, names and given headings stay as they are.` : '';
}
