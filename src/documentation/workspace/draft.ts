import type { TokenBudget } from '../../prompts/tokens.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PagePrompt, PageRequest } from './pageModel.ts';

/** The token budget of a prompt, for a model. */
type Budget = TokenBudget & { model: string };

/** Fewest tokens for the rest of an answer, because the tokens of its beginning are only estimated. */
const fewestRestTokens = 64;

/** An answer until it is complete: its prompt, and the text so far, which an interrupted request leaves. */
export class Draft {
  text = '';
  private readonly material: PageMaterial;
  private current: { asked: PagePrompt; budget: Budget } | undefined;
  private hasThought = false;
  /** Length of the text when it was last cut. Interrupted before it has grown, it is not cut again. */
  private cutLength = 0;

  constructor(material: PageMaterial) {
    this.material = material;
  }

  /** The same prompt again, unless it is for another model or context window. Then the text so far is discarded. */
  promptFor(budget: Budget): { asked: PagePrompt; budget: Budget } {
    if (this.current && isSame(this.current.budget, budget)) return this.current;
    this.startAnew();
    this.current = { asked: this.material.prompt(budget), budget };
    return this.current;
  }

  startAnew(): void {
    this.text = '';
    this.hasThought = false;
    this.cutLength = 0;
  }

  /** The model has thought before it wrote, which a continued answer would lack. */
  noteThinking(): void {
    this.hasThought = true;
  }

  /**
   * The request that continues the text so far; `undefined` if there is too little. The text is cut to whole words,
   * because a model would read half a word as other tokens than it has written.
   */
  rest(request: PageRequest): PageRequest | undefined {
    const { current } = this;
    const written = this.text.length === this.cutLength ? this.text : wholeWords(this.text);
    // Thinking inside the text may be unfinished.
    if (!current || this.hasThought || written.trim() === '' || /<\/?think|<\|/i.test(written))
      return undefined;
    this.text = written;
    this.cutLength = written.length;
    const { numPredict, charsPerToken } = current.budget;
    if (numPredict <= 0) return { ...request, written };
    const used = Math.ceil(written.length / charsPerToken);
    return { ...request, written, maxTokens: Math.max(numPredict - used, fewestRestTokens) };
  }
}

function isSame(one: Budget, other: Budget): boolean {
  return one.model === other.model && one.numCtx === other.numCtx && one.numPredict === other.numPredict;
}

/**
 * Without the last word, which may be incomplete, and the spaces before it: models write a space together with the
 * word after it, but line ends together with what is before them.
 */
function wholeWords(text: string): string {
  let end = text.length;
  while (end > 0 && !isSpace(text[end - 1]!)) end--;
  while (end > 0 && isSpace(text[end - 1]!) && text[end - 1] !== '\n') end--;
  return text.slice(0, end);
}

function isSpace(char: string): boolean {
  return char.trim() === '';
}
