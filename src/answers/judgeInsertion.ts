import { effectOf, outlined } from './judgeEntries.ts';

/** What a text declares twice when another one is inserted, and did not before. */
export function declaredTwice(text: string, at: number, inserted: string, languageId: string): string[] {
  const after = text.slice(0, at) + inserted + text.slice(at);
  return effectOf(outlined(text, languageId), outlined(after, languageId), languageId).duplicates;
}
