/** A tool of the short list. */
interface EssentialTool {
  /** Replaces VS Code's description, which is up to ten times as long. */
  description: string;
  /** Parameters that are kept although they are not required. */
  optional: readonly string[];
}

/**
 * The short list of VS Code's tools: a model can explore a project with these, read it, change it, see its
 * problems and run it. The list is constant so that the beginning of every prompt stays the same.
 */
export const essentialTools: Readonly<Record<string, EssentialTool>> = {
  read_file: {
    description: 'Read lines of a file. Line numbers start at 1. Prefer few large ranges.',
    optional: ['startLine', 'endLine', 'offset', 'limit'],
  },
  list_dir: { description: 'List a folder. Names that end in / are folders.', optional: [] },
  file_search: { description: 'Find files by a glob pattern such as **/*.ts.', optional: [] },
  grep_search: {
    description: 'Search the text of all files, by a plain text or a regular expression.',
    optional: ['includePattern'],
  },
  replace_string_in_file: {
    description:
      'Edit a file: replace one text. oldString must be copied exactly, with spaces and line breaks, and with enough lines around it that it occurs only once. Read the file first.',
    optional: [],
  },
  insert_edit_into_file: { description: 'Edit a file. Read it first.', optional: [] },
  apply_patch: { description: 'Edit files by a patch. Read them first.', optional: [] },
  create_file: {
    description: 'Create a new file with its content. Never for a file that exists.',
    optional: [],
  },
  get_errors: {
    description: 'Get errors and warnings of files. Use it after an edit.',
    optional: ['filePaths'],
  },
  run_in_terminal: {
    description: 'Run a shell command, such as the tests. Never use it to read or edit files.',
    optional: [],
  },
};

/** Tools that are left out if a simpler one for the same purpose is offered. */
export const replacements: Readonly<Record<string, string>> = {
  insert_edit_into_file: 'replace_string_in_file',
  apply_patch: 'replace_string_in_file',
};
