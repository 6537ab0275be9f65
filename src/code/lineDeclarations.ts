import type { LineHead, LineRules } from './declarationsInLines.ts';

const value = (pattern: RegExp, more: Partial<LineHead> = {}): LineHead => ({
  pattern,
  kind: 'value',
  isOuter: true,
  ...more,
});
const block = (
  pattern: RegExp,
  kind: LineHead['kind'] = 'function',
  more: Partial<LineHead> = {},
): LineHead => ({ pattern, kind, opens: true, ...more });
const importing = (pattern: RegExp): LineHead => ({ pattern, kind: 'import', isRaw: true, isOpen: true });

/** The names that a Python statement binds. */
function pythonNames(text: string): string[] {
  const clean = text.replaceAll(/#.*$/gm, '').replaceAll(/[()\\\n\r]/g, ' ');
  const from = /^from\s+(\S+)\s+import\s+([^]*)$/.exec(clean);
  const list = from?.[2] ?? /^import\s+([^]*)$/.exec(clean)?.[1];
  if (list === undefined) return [];
  return list
    .split(',')
    .map((one) =>
      one
        .trim()
        .split(/\s+as\s+/)
        .at(-1)!
        .trim(),
    )
    .filter((one) => one !== '')
    .map((one) => `import ${one === '*' ? `${from?.[1] ?? ''}.*` : one}`);
}

function rubyNames(text: string): string[] {
  const list = /^attr_\w+\s+(.*)$/.exec(text)?.[1];
  return list?.split(',').map((one) => one.trim().replace(/^:/, '')) ?? [];
}

const python: LineRules = {
  heads: [
    block(/^(?:async\s+)?def\s+([\p{L}_][\p{L}\p{N}_]*)/u),
    block(/^class\s+([\p{L}_][\p{L}\p{N}_]*)/u, 'type'),
    { pattern: /^(?:from\s+\S+\s+)?import\s.*$/, kind: 'import', isRaw: true },
    value(/^([\p{L}_][\p{L}\p{N}_]*)\s*(?::[^=]*)?=(?!=)/u, { isOpen: true }),
    value(/^([\p{L}_][\p{L}\p{N}_]*)\s*:\s*[\w[\]., |"]+$/u, { isOpen: true }),
  ],
  prefix: /^@/,
  end: /^[)\]}]/,
  names: pythonNames,
};

const ruby: LineRules = {
  heads: [
    block(
      /^(?:(?:private|protected|public|private_class_method|memoize)\s+)?def\s+((?:self\.)?[^\s(;=]+=?|\S+)/,
    ),
    block(/^(?:class|module)\s+((?:\w+::)*\w+|<<\s*\w+)/, 'type', { isOpen: true }),
    importing(/^(?:require|require_relative|load|gem)\b.*$/),
    value(/^(attr_\w+)\s/, { isOpen: true, isRaw: true }),
    value(/^((?:has_many|belongs_to|has_one|validates?|scope|before_\w+|after_\w+|let!?|subject)\b[^,{]*)/, {
      isOpen: true,
      isRaw: true,
    }),
    block(/^((?:describe|context|it|specify|task|namespace)\s*\(?\s*["':][^"'\n]*["']?)/, 'function', {
      isRaw: true,
      isOpen: true,
    }),
    value(/^([A-Z]\w*)\s*(?:\|\|)?=(?![=~>])/),
  ],
  end: /^(?:end\b|[)\]}])/,
  names: rubyNames,
};

const lua: LineRules = {
  heads: [
    block(/^(?:local\s+)?function\s+([\w.:]+)/),
    block(/^(?:local\s+)?([\w.]+)\s*=\s*function\b/),
    importing(/^local\s+\w+\s*=\s*require\b.*$/),
    value(/^(?:local\s+)?([\w.]+)\s*=(?!=)/, { isOpen: true }),
  ],
  end: /^(?:end\b|[)\]}])/,
};

const shell: LineRules = {
  heads: [
    block(/^(?:function\s+)?([\w:.-]+)\s*\(\s*\)/),
    block(/^function\s+([\w:.-]+)/),
    importing(/^(?:source|\.)\s+\S.*$/),
    value(/^(?:(?:export|readonly|declare(?:\s+-\w+)?|typeset|local)\s+)?([A-Za-z_]\w*)=/, { isOpen: true }),
    value(/^(?:alias)\s+([\w-]+)=/),
  ],
  end: /^(?:[)\]}]|done\b|fi\b|esac\b)/,
};

/** Elixir, Julia, Crystal, Visual Basic, Haskell and similar languages. */
const words: LineRules = {
  heads: [
    block(
      /^(?:(?:public|private|protected|friend|shared|async|export|pub|local|overridable|overrides)\s+)*(?:def|defp|defmacro|function|func|fun|proc|sub|macro|method)\s+([^\s(;=:]+)/i,
      'function',
      { isOpen: true },
    ),
    block(
      /^(?:(?:public|private|friend|partial|abstract|mutable)\s+)*(?:defmodule|module|class|struct|type|data|newtype|interface|enum|record|instance|namespace|object)\s+([^\s(;:={]+)/i,
      'type',
      { isOpen: true },
    ),
    importing(/^(?:import|using|use|open|require|alias|imports|library|include)\b.*$/i),
    block(/^\((?:def\w*|ns)\s+([^\s()]+)/),
    { pattern: /^([a-z][\w']*)\s*::/, kind: 'function', isOuter: true },
    value(
      /^(?:(?:const|let|var|val|global|my|our)\s+)?([$@%]?[A-Za-z_][\w.]*)\s*(?::[^=]*)?(?:=(?!=|>)|<-)/,
      { isOpen: true },
    ),
  ],
  end: /^(?:end\b|[)\]}])/i,
};

const makefile: LineRules = {
  heads: [
    block(/^([\w./%$(){} -]+?)\s*:(?![:=])/, 'function', { isRaw: true, isOpen: true }),
    value(/^(?:export\s+)?([\w.]+)\s*(?:[:?+!]|::)?=/, { isOpen: true, isRaw: true }),
    block(/^define\s+(\w+)/, 'value'),
    importing(/^-?include\b.*$/),
  ],
  end: /^endef\b/,
};

const sql: LineRules = {
  heads: [
    {
      pattern:
        /^create\s+(?:or\s+(?:replace|alter)\s+)?(?:(?:temp|temporary|unique|materialized|global|local|recursive|definer\S*|force|editionable)\s+)*((?:function|procedure|table|view|trigger|type|index|schema|sequence|database|policy|role|extension|domain|package(?:\s+body)?|user)\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?[\w."`[\]]+)/i,
      kind: 'type',
      isRaw: true,
    },
    { pattern: /^(alter\s+table\s+[^(;]*)/i, kind: 'part', isRaw: true, isOpen: true },
    { pattern: /^(insert\s+into\s+[\w."`[\]]+)/i, kind: 'part', isRaw: true, isOpen: true },
    { pattern: /^(grant\s[^;]*)/i, kind: 'part', isRaw: true, isOpen: true },
  ],
  statement:
    /^(?:create|alter|insert|drop|grant|revoke|use|go|delimiter|update|delete|comment|commit|truncate)\b/i,
};

const docker: LineRules = {
  heads: [
    block(/^(FROM\s.*)$/i, 'part', { isRaw: true }),
    {
      pattern:
        /^((?:ARG|ENV|COPY|ADD|WORKDIR|EXPOSE|ENTRYPOINT|CMD|USER|VOLUME|LABEL|HEALTHCHECK)\s+[^\s=]*)/i,
      kind: 'part',
      isRaw: true,
      isOpen: true,
    },
  ],
};

export const lineRules: Record<string, LineRules> = {
  python,
  ruby,
  lua,
  shell,
  words,
  makefile,
  sql,
  docker,
};
