import * as vscode from 'vscode';

/**
 * The languages of the setting `codeworm.answerLanguage`: VS Code's codes of display languages, and the
 * English names that models know. It is a fixed list, because with free text a workspace could insert text
 * into prompts.
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
 * The English name of the answer language; undefined for English, which is the models' default.
 * @throws Error that lists the valid values
 */
export function answerLanguageOf(value: unknown): string | undefined {
  if (value === 'auto') return names[vscode.env.language.toLowerCase()] || undefined;
  const name = typeof value === 'string' ? names[value] : undefined;
  if (name !== undefined) return name || undefined;
  throw new Error(vscode.l10n.t('must be one of {0}', ['auto', ...Object.keys(names)].join(', ')));
}
