import * as vscode from 'vscode';

/**
 * The languages of the setting `codeworm.answerLanguage`, by the codes of VS Code's display languages, with the English
 * names that models know them by. A list, and no free text: a workspace must not be able to slip words into prompts.
 */
const names: Record<string, string> = {
  en: '',
  'zh-cn': 'Simplified Chinese',
  'zh-tw': 'Traditional Chinese',
  cs: 'Czech',
  de: 'German',
  es: 'Spanish',
  fr: 'French',
  hu: 'Hungarian',
  it: 'Italian',
  ja: 'Japanese',
  ko: 'Korean',
  pl: 'Polish',
  'pt-br': 'Brazilian Portuguese',
  ru: 'Russian',
  tr: 'Turkish',
};

/**
 * The English name of the language to answer in; nothing for English, in which models answer anyway.
 * @throws Error that says what the setting may be
 */
export function answerLanguageOf(value: unknown): string | undefined {
  if (value === 'auto') return names[vscode.env.language.toLowerCase()] || undefined;
  const name = typeof value === 'string' ? names[value] : undefined;
  if (name !== undefined) return name || undefined;
  throw new Error(vscode.l10n.t('must be one of {0}', ['auto', ...Object.keys(names)].join(', ')));
}
