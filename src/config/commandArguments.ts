import { isFields } from '../ollama/index.ts';
import { subjectKinds, type SubjectKind } from '../config/customActions.ts';

/** An argument of a key binding, such as `{"kind": "class"}`. */
export function argumentIn(args: unknown, name: string): unknown {
  return isFields(args) ? args[name] : undefined;
}

/** A text argument of a key binding, such as `{"question": "..."}`. */
export function textIn(args: unknown, name: string): string | undefined {
  const value = argumentIn(args, name);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/**
 * The subject that a key binding asks for, such as `{"subject": "file"}`. Undefined for menus, which pass
 * other arguments.
 */
export function kindsIn(args: unknown): readonly SubjectKind[] | undefined {
  const wanted = new Set([argumentIn(args, 'subject')].flat());
  const kinds = subjectKinds.filter((kind) => wanted.has(kind));
  return kinds.length > 0 ? kinds : undefined;
}
