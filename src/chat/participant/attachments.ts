/**
 * Attachments that VS Code adds itself: the open file, which the code at the cursor describes better, and the
 * workspace's instructions for agents, which are not the subject of the question.
 */
const addedByVscode = /^vscode\.(?:implicit|instructions|prompt|customizations)\b/;

/** Whether the user has attached it, by the identifier of the reference. */
export function isAttachment({ id }: { id: string }): boolean {
  return !addedByVscode.test(id);
}
