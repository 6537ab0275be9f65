import { WorkspaceDocumentation, type DocumentationServices } from './workspaceDocumentation.ts';

let documentation: WorkspaceDocumentation | undefined;

/** The workspace documentation of this window, created on first use. */
export function workspaceDocumentation(services: DocumentationServices): WorkspaceDocumentation {
  if (!documentation) {
    documentation = new WorkspaceDocumentation(services);
    services.subscriptions.push(documentation);
  }
  return documentation;
}
