import { kindsIn } from '../config/commandArguments.ts';
import { currentSubject } from '../editor/currentSubject.ts';
import { generate } from '../generation/questions.ts';
import type { ActionId } from '../prompts/actions.ts';
import type { Services } from '../services.ts';

/** Asks about the code at the cursor and streams the answer into the output channel. */
export async function askAboutCode(
  services: Services,
  action: ActionId,
  title: string,
  args?: unknown,
): Promise<void> {
  const place = await currentSubject(kindsIn(args));
  if (place) await generate(services, action, title, place.subject);
}
