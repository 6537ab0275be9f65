import * as vscode from 'vscode';
import type { ActionId } from '../../prompts/actions.ts';

/**
 * Suggestions for the next question about the same code. They are plain questions, so they continue the
 * conversation.
 */
export function followUpsFor(action: ActionId): vscode.ChatFollowup[] {
  const { bugs, tests, example, fix, simpler } = questions();
  switch (action) {
    case 'explain':
      return toFollowUps(bugs, example);
    case 'findBugs':
      return toFollowUps(fix, tests);
    case 'writeTests':
      return toFollowUps(bugs);
    case 'fix':
    case 'document':
      return toFollowUps(tests);
    default:
      return toFollowUps(example, simpler);
  }
}

/** Whether a question is one of these. Then it is about the conversation, wherever the cursor is. */
export function isFollowUp(question: string): boolean {
  return Object.values(questions()).includes(question);
}

function toFollowUps(...prompts: readonly string[]): vscode.ChatFollowup[] {
  return prompts.map((prompt) => ({ prompt, label: prompt }));
}

function questions(): Record<'bugs' | 'tests' | 'example' | 'fix' | 'simpler', string> {
  return {
    bugs: vscode.l10n.t('What can go wrong in it?'),
    tests: vscode.l10n.t('How can it be tested?'),
    example: vscode.l10n.t('Show an example of its use.'),
    fix: vscode.l10n.t('How is the worst of these fixed?'),
    simpler: vscode.l10n.t('Say it in simpler words.'),
  };
}
