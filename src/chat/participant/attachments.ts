/**
 * What VS Code adds to a question of itself: the file in view, which the code at the cursor says better, and the
 * instructions of a workspace for agents, which are not what is asked about.
 */
const addedByVscode = /^vscode\.(?:implicit|instructions|prompt|customizations)\b/;

/** Whether the user has attached it, by the identifier of the reference. */
export function isAttachment({ id }: { id: string }): boolean {
  return !addedByVscode.test(id);
}
