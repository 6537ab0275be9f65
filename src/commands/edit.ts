import * as vscode from 'vscode';
import { kindsIn, textIn } from '../config/commandArguments.ts';
import { currentSubject } from '../editor/currentSubject.ts';
import { mayChange, proposeEdit } from '../editor/edits.ts';
import type { ActionId } from '../prompts/actions.ts';
import type { Services } from '../services.ts';
import { lossMessage } from '../ui/characterMessages.ts';
import { showAnswersButton } from '../ui/errorActions.ts';
import { showInfo, showWarning } from '../ui/notifications.ts';

/** Asks the model to rewrite the code at the cursor and shows the change as a diff. */
export async function editCode(
  services: Services,
  action: ActionId,
  title: string,
  args?: unknown,
): Promise<void> {
  const place = await currentSubject(kindsIn(args));
  if (place) await proposeEdit(services, { action, title, place });
}

/** Like `editCode`, with an instruction from the user. A key binding may contain the instruction. */
export async function editWithInstruction(services: Services, args?: unknown): Promise<void> {
  const place = await currentSubject(kindsIn(args));
  if (!place || !mayChange(place)) return;
  const { kind, name, path } = place.subject;
  const instruction =
    textIn(args, 'instruction') ??
    (await vscode.window.showInputBox({
      title: vscode.l10n.t('Edit {0}', kind === 'symbol' ? name : path),
      prompt: vscode.l10n.t('What should be changed? The change is shown as a diff before it is made.'),
      ignoreFocusOut: true,
    }));
  if (instruction?.trim())
    await proposeEdit(services, {
      action: 'edit',
      title: vscode.l10n.t('Edit'),
      place,
      question: instruction,
    });
}

/** Applies the change shown in a diff. */
export async function acceptEdit(services: Services, button?: unknown): Promise<void> {
  await makeProposed(services, button, false);
}

async function makeProposed(services: Services, button: unknown, mayLose: boolean): Promise<void> {
  const { proposals } = services;
  const shown = proposals.proposalFor(button);
  if (!shown) return showNewest(services);
  const name = shown.path.slice(shown.path.lastIndexOf('/') + 1);
  switch (await proposals.accept(shown, mayLose)) {
    case 'done':
      return;
    case 'gone':
      return showWarning(vscode.l10n.t('{0} is closed or gone: the change was not made.', name), [
        showAnswersButton(),
      ]);
    case 'changed':
      return showWarning(
        vscode.l10n.t(
          '{0} has changed where the new code was to go: the change was not made. Undo there, or ask again.',
          name,
        ),
        [showAnswersButton()],
      );
    case 'lossy': {
      const { encoding, lost } = await proposals.lossOf(shown);
      const title = vscode.l10n.t('Accept Anyway');
      return showWarning(lossMessage(name, encoding, lost), [
        { title, run: () => makeProposed(services, shown, true) },
      ]);
    }
    case 'refused':
      return showWarning(vscode.l10n.t('VS Code could not change {0}: is it read-only?', name), [
        showAnswersButton(),
      ]);
  }
}

/** Closes the diff without changing the file. */
export async function discardEdit(services: Services, button?: unknown): Promise<void> {
  const { proposals } = services;
  const shown = proposals.proposalFor(button);
  await (shown ? proposals.discard(shown) : showNewest(services));
}

/** What cannot be seen is neither accepted nor discarded. */
async function showNewest({ proposals }: Services): Promise<void> {
  await proposals.reveal();
  showInfo(vscode.l10n.t('This is the newest proposed change: read it, then accept or discard it.'));
}
