/** A document in which the user types, and a double that answers. */
import { withoutLeaks } from '../../support/leaks.ts';
import { makeWorld, TypedDocument, type World } from '../../support/suggestions.ts';

export const before = 'export function area(width: number, height: number): number {\n  return ';
export const after = '\n}\n';

/** Runs a test with a double that gives these answers. */
export const inWorld = (
  answer: string | (() => string | AsyncIterable<string>),
  body: (world: World, document: TypedDocument) => Promise<void>,
) =>
  withoutLeaks(async () => {
    await using world = await makeWorld({ answer: typeof answer === 'string' ? () => answer : answer });
    await body(world, new TypedDocument(world.suggester, before, after));
  });
