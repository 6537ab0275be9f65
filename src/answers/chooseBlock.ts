import type { CodeBlock } from '../text/codeBlocks.ts';
import { fenceIn } from '../text/fences.ts';
import { fenceTag, languageName } from '../text/languageNames.ts';
import type { Surroundings } from '../code/declarations.ts';
import { outlined } from './judgeEntries.ts';
import { shareAmong, wordyLines } from './judgeText.ts';

/** Tags and language ids that mean the same kind of code. */
const families = [
  'javascript js jsx mjs cjs javascriptreact typescript ts tsx mts cts typescriptreact',
  'c h cpp c++ cc cxx hpp objective-c objc objective-cpp objcpp m mm cuda-cpp cuda cu',
  'shellscript sh bash zsh shell ksh fish',
  'python py python3 py3 pyi',
  'html htm xhtml vue svelte handlebars razor',
  'css scss sass less',
  'json jsonc json5 jsonl',
  'yaml yml dockercompose',
  'markdown md mdx',
  'csharp cs c#',
  'fsharp fs f#',
  'vb vbnet',
  'kotlin kt kts',
  'rust rs',
  'ruby rb',
  'go golang',
  'perl pl',
  'powershell ps1 pwsh',
  'elixir ex exs',
  'haskell hs',
  'julia jl',
  'dockerfile docker',
  'makefile make',
  'latex tex',
  'bat batch cmd',
  'sql mysql pgsql plsql tsql',
].map((family) => new Set(family.split(' ')));

/** Tags that name no language. */
export const plainTags = new Set(['', 'text', 'plaintext', 'txt', 'code']);
/**
 * Blocks of these languages accompany an answer. They are never the new code, except in a file of that
 * language.
 */
const besideTags = new Set(
  'diff patch console output log terminal sh bash zsh shell powershell cmd'.split(' '),
);

/** In these files, parts have their own languages. */
const markup = /^(?:html|vue|svelte|astro)$/;
const partTags = /^(?:js|jsx|ts|tsx|mjs|javascript|typescript|css|scss|sass|less)$/;

/** What the block is wanted for. */
interface Wanted {
  /** The text that contains the blocks. */
  answer: string;
  languageId: string;
  path: string;
  /** The code to replace, if any. */
  replaced?: string;
}

type Choice = { code: string; tag: string } | { unusable: 'noCode' | 'otherLanguage' | 'several' };

/** The tags that a block in a language may have. */
export function namesOf(languageId: string, path: string): Set<string> {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? languageId;
  const names = [languageId, fenceTag(languageId), languageName(languageId).toLowerCase(), extension];
  const family = families.find((candidate) => candidate.has(languageId)) ?? [];
  return new Set([...names, ...family]);
}

/**
 * The block with the new code. Of several: the later one of "before" and "after"; the one that is about the
 * code; several together, if each is a part of the code.
 */
export function chooseBlock(blocks: readonly CodeBlock[], wanted: Wanted): Choice {
  const candidates = inLanguage(blocks, wanted);
  if (candidates.length === 0)
    return {
      unusable: blocks.some(({ tag, code }) => !besideTags.has(tag) && code.trim() !== '')
        ? 'otherLanguage'
        : 'noCode',
    };
  const { replaced } = wanted;
  const longest = candidates.toSorted((a, b) => b.code.length - a.code.length)[0]!;
  if (candidates.length === 1 || replaced === undefined) return longest;
  return amongSeveral(candidates, { ...wanted, replaced }, longest);
}

/**
 * Blocks in the right language, else those without a language, else the only one if its tag is no known
 * language.
 */
function inLanguage(blocks: readonly CodeBlock[], { languageId, path }: Wanted): CodeBlock[] {
  const names = namesOf(languageId, path);
  const filled = blocks.filter(({ code }) => code.trim() !== '');
  const right = filled.filter(({ tag }) => names.has(tag));
  const plain = filled.filter(({ tag }) => plainTags.has(tag));
  const parts = markup.test(languageId) ? filled.filter(({ tag }) => partTags.test(tag)) : [];
  const only = filled.length === 1 && !isKnown(filled[0]!.tag) ? filled : [];
  return [right, parts, plain, only].find(({ length }) => length > 0) ?? [];
}

/** Whether a tag is a known language, or a language that accompanies answers. */
function isKnown(tag: string): boolean {
  return (
    besideTags.has(tag) ||
    tag === 'java' ||
    tag === 'php' ||
    tag === 'swift' ||
    families.some((family) => family.has(tag))
  );
}

type Label = 'before' | 'after' | 'choice' | 'usage' | undefined;

const labels: [Label, RegExp][] = [
  [
    'choice',
    /\b(?:options?|alternatives?|alternatively|approach|variant|version|variante|alternativa)\b\s*(?:\d|[a-c]\b|:|\*|$)|^\W*(?:or|oder|ou|o)\b/i,
  ],
  ['usage', /\b(?:usage|example|use it|call it|run it|beispiel|exemple|ejemplo)\b/i],
  [
    'before',
    /\b(?:before|original|old|current|existing|vorher|alt|avant|antes|actual)\b|変更前|修正前|修改前|原(?:来|始)/i,
  ],
  [
    'after',
    /\b(?:after|improved?|new|fixed|updated|refactored|revised|corrected|optimi[sz]ed|final|better|nachher|neu|après|después|nuevo)\b|変更後|修正後|修改后|改进/i,
  ],
];

/** What the words above each block say about it. */
function labelsOf(candidates: readonly CodeBlock[], answer: string): Label[] {
  let from = 0;
  return candidates.map(({ code }) => {
    const at = answer.indexOf(code, from);
    if (at < 0) return undefined;
    const above = answer
      .slice(from, at)
      .split('\n')
      .filter((line) => line.trim() !== '' && !fenceIn(line));
    from = at + code.length;
    const words = above.at(-1) ?? '';
    return words.length > 200 ? undefined : labels.find(([, pattern]) => pattern.test(words))?.[0];
  });
}

function amongSeveral(
  given: readonly CodeBlock[],
  wanted: Wanted & { replaced: string },
  longest: CodeBlock,
): Choice {
  const labelled = labelsOf(given, wanted.answer).map((label, at) => ({ block: given[at]!, label }));
  const old = wordyLines(wanted.replaced).join('\n');
  const isOld = ({ block, label }: { block: CodeBlock; label: Label }): boolean =>
    label === 'before' || wordyLines(block.code).join('\n') === old;
  const fresh = labelled.filter((one) => !isOld(one));
  const left = fresh.length > 0 ? fresh : labelled;
  const blocks = [...new Map(left.map(({ block }) => [wordyLines(block.code).join('\n'), block])).values()];
  if (blocks.length === 1) return blocks[0]!;
  if (left.filter(({ label }) => label === 'choice').length > 1) return { unusable: 'several' };
  const after = left.filter(({ label }) => label === 'after');
  const told = left.filter(({ label }) => label !== 'usage').map(({ block }) => block);
  const choice =
    byNames(told.length > 0 ? told : blocks, wanted) ?? (after.length === 1 ? after[0]!.block : undefined);
  return choice ?? (told.length === 1 ? told[0]! : byLines(told, wanted, longest));
}

/** By their declarations: the block with all of them, or the blocks that each have some. */
function byNames(
  blocks: readonly CodeBlock[],
  { languageId, replaced }: Wanted & { replaced: string },
): Choice | undefined {
  const names = (code: string): Set<string> => declaredNames(code, languageId);
  const old = names(replaced);
  const found = blocks
    .map((block) => ({ block, names: [...names(block.code)].filter((name) => old.has(name)) }))
    .filter((one) => one.names.length > 0);
  if (found.length === 0) return undefined;
  if (found.length === 1) return found[0]!.block;
  const all = new Set(found.flatMap((one) => one.names));
  const whole = found.filter((one) => one.names.length === all.size);
  if (whole.length === 1) return whole[0]!.block;
  const isApart = all.size === found.reduce((sum, one) => sum + one.names.length, 0);
  const code = found.map(({ block }) => block.code.trimEnd()).join('\n\n');
  // Functions and methods in turn do not form one text.
  const isOneText = isApart && [...all].every((name) => namesAs(code, languageId).has(name));
  return isOneText ? { code, tag: found[0]!.block.tag } : { unusable: 'several' };
}

/** The names that a code declares, read as a file or as members of a type. */
function declaredNames(code: string, languageId: string): Set<string> {
  return new Set([
    ...namesAs(code, languageId),
    ...namesAs(code, languageId, { context: 'type', owner: '' }),
  ]);
}

function namesAs(code: string, languageId: string, around?: Surroundings): Set<string> {
  const { entries } = outlined(code, languageId, around);
  const named = entries.filter(({ symbol }) => symbol.kind !== 'import' && symbol.kind !== 'export');
  return new Set(named.map(({ symbol }) => symbol.name));
}

/** By the lines and words they share with the old code. Undecided means that they are several versions. */
function byLines(
  blocks: readonly CodeBlock[],
  { replaced }: Wanted & { replaced: string },
  longest: CodeBlock,
): Choice {
  const scored = blocks
    .map((block) => ({ block, score: shareAmong(words(replaced), words(block.code)) }))
    .toSorted((a, b) => b.score - a.score);
  const [first, second] = scored;
  if (!first) return longest;
  return second && second.score >= first.score * 0.8 && first.score > 0
    ? { unusable: 'several' }
    : first.block;
}

function words(text: string): string[] {
  return [...new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu))];
}
