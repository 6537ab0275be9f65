import { WorkspaceDocumentation, type DocumentationServices } from './workspaceDocumentation.ts';

let documentation: WorkspaceDocumentation | undefined;

/** What documents a whole workspace; there is one in a window, from its first use on. */
export function workspaceDocumentation(services: DocumentationServices): WorkspaceDocumentation {
  if (!documentation) {
    documentation = new WorkspaceDocumentation(services);
    services.subscriptions.push(documentation);
  }
  return documentation;
}
