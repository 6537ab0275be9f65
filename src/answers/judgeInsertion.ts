import { effectOf, outlined } from './judgeEntries.ts';

/** The names that an insertion makes declared twice. */
export function declaredTwice(text: string, at: number, inserted: string, languageId: string): string[] {
  const after = text.slice(0, at) + inserted + text.slice(at);
  return effectOf(outlined(text, languageId), outlined(after, languageId), languageId).duplicates;
}
