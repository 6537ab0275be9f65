import { maskCode } from '../code/maskCode.ts';
import { docStyleOf } from '../code/docCommentStyles.ts';
import { linesOf } from '../text/markdown.ts';

const entity = /&(lt|gt|amp|quot|apos|#39|#x27|#34|#x22|nbsp);/g;
const hasEntity = new RegExp(entity.source);
const characters: Record<string, string> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  '#34': '"',
  '#x22': '"',
  nbsp: ' ',
};

/** Languages that have entities themselves, or text between tags. */
const withEntities =
  /^(?:x?html|xml|xsl|svg|vue.*|svelte|astro|razor|aspnetcorerazor|handlebars|mustache|jinja.*|django-html|erb|php|blade|twig|pug|javascriptreact|typescriptreact|markdown|mdx|restructuredtext|plaintext|csv|yaml|git-commit)$/;

/**
 * Decodes HTML entities that a model has written instead of `<`, `>`, `&` and quotes. Only in languages
 * without entities, and only when it is certain: the user's code has none, and either a decoded line is one
 * of the user's, or the entity is in code that contains none of the raw characters.
 */
export function withoutEntities(code: string, known: string, languageId: string): string {
  if (!hasEntity.test(code) || withEntities.test(languageId) || hasEntity.test(known)) return code;
  if (isWhollyEncoded(code, languageId)) return withoutEntities(decode(code), known, languageId);
  const own = new Set(linesOf(known).map((line) => line.trim()));
  return code
    .split('\n')
    .map((line) => (hasEntity.test(line) && own.has(decode(line).trim()) ? decode(line) : line))
    .join('\n');
}

function isWhollyEncoded(code: string, languageId: string): boolean {
  if (/[<>]/.test(code) || /&(?!(?:\w+|#\w+);)/.test(code)) return false;
  const style = docStyleOf(languageId);
  // Quotes may be encoded too, so what will be a string does not look like one yet.
  return hasEntity.test(style ? maskCode(code, style.lexer) : '');
}

function decode(text: string): string {
  return text.replaceAll(entity, (_, name: string) => characters[name]!);
}
