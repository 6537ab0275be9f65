/**
 * What makes a model answer in a language: the last sentence of the prompt, behind the code, so that the server has the
 * code in its cache whatever the language. The rest stays English, which small models follow best.
 * @param language its English name, such as `German`; nothing for English
 */
export function languageSentence(language: string | undefined): string {
  return language ? `\n\nWrite in ${language}. Code, names and given headings stay as they are.` : '';
}
