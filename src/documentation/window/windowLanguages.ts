import * as vscode from 'vscode';
import { isTextual } from '../../code/declaration.ts';
import { isFields } from '../../ollama/index.ts';
import { extensionOf, languageOfPath } from '../../code/fileLanguages.ts';

/** What an extension's package.json contributes for a language. */
interface LanguageContribution {
  id?: unknown;
  extensions?: unknown;
}

/** The language of a path in this window: by our table, else by its extensions' contributions. */
export function windowLanguages(): (path: string) => string | undefined {
  const contributed = new Map<string, string>();
  for (const { packageJSON } of vscode.extensions.all)
    for (const { id, extensions } of languagesIn(packageJSON)) {
      if (typeof id !== 'string' || isTextual(id) || !Array.isArray(extensions)) continue;
      for (const extension of extensions)
        if (typeof extension === 'string') contributed.set(extension.replace(/^\./, '').toLowerCase(), id);
    }
  return (path) => languageOfPath(path) ?? contributed.get(extensionOf(path));
}

function languagesIn(manifest: unknown): LanguageContribution[] {
  const contributes = fieldOf(manifest, 'contributes');
  const languages = fieldOf(contributes, 'languages');
  return Array.isArray(languages) ? languages.filter(isFields) : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return isFields(value) ? value[name] : undefined;
}
