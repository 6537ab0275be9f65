/** A tool of the short list. */
interface EssentialTool {
  /** Replaces VS Code's description, which is up to ten times as long. */
  description: string;
  /** Parameters that are kept although they are not required. */
  optional?: readonly string[];
  /** Descriptions of parameters whose names do not say enough. All others have none. */
  hints?: Readonly<Record<string, string>>;
}

/**
 * The short list of VS Code's tools: a model can explore a project with these, read it, change it, see its
 * problems and run it. The list is constant so that the beginning of every prompt stays the same.
 */
export const essentialTools: Readonly<Record<string, EssentialTool>> = {
  read_file: {
    description: 'Read lines of a file, by its absolute path. Lines start at 1. Prefer few large ranges.',
    optional: ['startLine', 'endLine', 'offset', 'limit'],
  },
  list_dir: { description: 'List a folder, by its absolute path. Names that end in / are folders.' },
  file_search: { description: 'Find files by a glob pattern such as **/*.ts.' },
  grep_search: {
    description: 'Search the text of all files, by a plain text or a regular expression.',
    optional: ['includePattern'],
    hints: { includePattern: 'Glob pattern of files' },
  },
  replace_string_in_file: {
    description:
      'Edit a file, by its absolute path: replace one text. oldString must be copied exactly, with spaces and line breaks, and with enough lines around it that it occurs only once. Read the file first.',
  },
  insert_edit_into_file: { description: 'Edit a file. Read it first.', hints: { code: 'The change' } },
  apply_patch: { description: 'Edit files by a patch. Read them first.', hints: { input: 'The patch' } },
  create_file: {
    description: 'Create a new file, by its absolute path. Never for a file that exists.',
  },
  get_errors: {
    description: 'Get errors and warnings of files, by their absolute paths. Use it after an edit.',
    optional: ['filePaths'],
  },
  run_in_terminal: {
    description: 'Run a shell command, such as the tests. Never use it to read or edit files.',
    hints: {
      explanation: 'What the command does',
      mode: 'sync waits for the end; async is for servers',
      isBackground: 'Only for servers',
    },
  },
  codeworm_outline: {
    description: 'List functions and classes of a file with lines, complexity and doc comments.',
    hints: { path: 'Relative to the workspace' },
  },
  codeworm_read_documentation: {
    description: 'Read the documentation page of a function, class or file.',
    hints: { symbol: 'Its name' },
  },
  codeworm_list_documentation: {
    description: 'List what has a documentation page, and which pages are stale.',
    optional: ['folder'],
  },
};

/** Tools that are left out if a simpler one for the same purpose is offered. */
export const replacements: Readonly<Record<string, string>> = {
  insert_edit_into_file: 'replace_string_in_file',
  apply_patch: 'replace_string_in_file',
};
