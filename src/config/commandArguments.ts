import { isFields } from '../ollama/index.ts';
import { subjectKinds, type SubjectKind } from '../config/customActions.ts';

/** A text argument of a key binding, such as `{"question": "..."}`. */
export function textIn(args: unknown, name: string): string | undefined {
  const value: unknown = isFields(args) ? args[name] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/**
 * The subject that a key binding asks for, such as `{"subject": "file"}`. Undefined for menus, which pass
 * other arguments.
 */
export function kindsIn(args: unknown): readonly SubjectKind[] | undefined {
  const wanted = isFields(args) ? [args['subject']].flat() : [];
  const kinds = subjectKinds.filter((kind) => wanted.includes(kind));
  return kinds.length > 0 ? kinds : undefined;
}
