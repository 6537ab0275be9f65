import { subjectKinds, type SubjectKind } from '../config/customActions.ts';

/** The text that a key binding has for a name, such as `{"question": "..."}`. */
export function textIn(args: unknown, name: string): string | undefined {
  const value: unknown = isObject(args) ? args[name] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** What a key binding wants a command to be about: `{"subject": "file"}`; menus bring other things along. */
export function kindsIn(args: unknown): readonly SubjectKind[] | undefined {
  const wanted = isObject(args) ? [args['subject']].flat() : [];
  const kinds = subjectKinds.filter((kind) => wanted.includes(kind));
  return kinds.length > 0 ? kinds : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
