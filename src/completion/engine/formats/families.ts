import type { InfillFamily, InfillParts, Neighbor } from './family.ts';

const [prefixFirst, suffixFirst] = ['prefix-first', 'suffix-first'] as const;

/** Prefix, suffix and middle, each after its own token: the format of most families. */
function inOrder(prefix: string, suffix: string, middle: string): InfillFamily['render'] {
  return (parts) => `${parts.neighbors}${prefix}${parts.prefix}${suffix}${parts.suffix}${middle}`;
}

/** All files except the last one, which is being written. */
function listed(neighbors: readonly Neighbor[], before: string, after = '\n'): string {
  return neighbors.map(({ path, text }) => `${before}${path}\n${endingWith(text, after)}`).join('');
}

function endingWith(text: string, end: string): string {
  return text.endsWith(end) ? text : text + end;
}

const starcoderInfill = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<fim_pad>'];
const starcoderTokens = [
  ...starcoderInfill,
  '<|endoftext|>',
  '<filename>',
  '<reponame>',
  '<gh_stars>',
  '<issue_start>',
  '<issue_comment>',
  '<issue_closed>',
  '<jupyter_start>',
  '<jupyter_text>',
  '<jupyter_code>',
  '<jupyter_output>',
  '<empty_output>',
  '<commit_before>',
  '<commit_msg>',
  '<commit_after>',
];
const renderStarcoder = inOrder('<fim_prefix>', '<fim_suffix>', '<fim_middle>');
const barInfill = ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|fim_pad|>'];
const renderBars = inOrder('<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>');

export const qwenCoder: InfillFamily = {
  id: 'qwen-coder',
  order: prefixFirst,
  render: renderBars,
  renderNeighbors: (neighbors, path) =>
    `<|repo_name|>workspace\n${listed(neighbors, '<|file_sep|>')}<|file_sep|>${path}\n`,
  stop: ['<|endoftext|>', '<|repo_name|>', '<|file_sep|>', '<|im_start|>', '<|im_end|>', ...barInfill],
  tokens: [...barInfill, '<|endoftext|>', '<|repo_name|>', '<|file_sep|>', '<|im_start|>', '<|im_end|>'],
};

export const codeLlama: InfillFamily = {
  id: 'codellama',
  order: prefixFirst,
  // The spaces are part of the format.
  render: ({ prefix, suffix }) => `<PRE> ${prefix} <SUF>${suffix} <MID>`,
  stop: ['<EOT>', '<PRE>', '<SUF>', '<MID>'],
  tokens: ['<PRE>', '<SUF>', '<MID>', '<EOT>', '<s>', '</s>'],
};

export const starcoder: InfillFamily = {
  id: 'starcoder',
  order: prefixFirst,
  render: renderStarcoder,
  stop: ['<|endoftext|>', '<file_sep>', ...starcoderInfill],
  tokens: starcoderTokens,
};

export const starcoder2: InfillFamily = {
  ...starcoder,
  id: 'starcoder2',
  // The path goes after the prefix token. Without paths, each file only has a separator.
  renderNeighbors: (neighbors) => `${neighbors.map(({ text }) => `<file_sep>${text}`).join('')}<file_sep>`,
  tokens: [...starcoderTokens, '<file_sep>', '<repo_name>', '<pr>', '<pr_status>', '<pr_base>', '<pr_diff>'],
};

export const stableCode: InfillFamily = { ...starcoder, id: 'stable-code' };

/** IBM's third generation of code models has StarCoder's tokens. */
export const graniteCode: InfillFamily = { ...starcoder, id: 'granite-code' };

export const granite4: InfillFamily = {
  id: 'granite4',
  order: prefixFirst,
  render: renderBars,
  stop: ['<|end_of_text|>', ...barInfill],
  tokens: [
    ...barInfill,
    '<|end_of_text|>',
    '<|start_of_role|>',
    '<|end_of_role|>',
    '<|filename|>',
    '<|reponame|>',
  ],
};

export const codeGemma: InfillFamily = {
  id: 'codegemma',
  order: prefixFirst,
  render: renderBars,
  renderNeighbors: (neighbors, path) =>
    `${neighbors.map((neighbor) => `${neighbor.path}\n${neighbor.text}<|file_separator|>`).join('')}${path}\n`,
  stop: ['<|file_separator|>', '<end_of_turn>', '<eos>', ...barInfill],
  tokens: [...barInfill, '<|file_separator|>', '<start_of_turn>', '<end_of_turn>', '<bos>', '<eos>'],
  repeatPenalty: 1,
};

const deepseekInfill = ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'];

export const deepseekCoder: InfillFamily = {
  id: 'deepseek-coder',
  order: prefixFirst,
  // All files of a repository form one text, with the gap somewhere in it.
  render: ({ prefix, suffix, neighbors }) =>
    `<｜fim▁begin｜>${neighbors}${prefix}<｜fim▁hole｜>${suffix}<｜fim▁end｜>`,
  renderNeighbors: (neighbors, path) => `${listed(neighbors, '#')}#${path}\n`,
  stop: [...deepseekInfill, '<｜end▁of▁sentence｜>', '<|EOT|>'],
  tokens: [
    ...deepseekInfill,
    '<｜begin▁of▁sentence｜>',
    '<｜end▁of▁sentence｜>',
    '<｜User｜>',
    '<｜Assistant｜>',
    '<|EOT|>',
  ],
};

export const codestral: InfillFamily = {
  id: 'codestral',
  order: suffixFirst,
  render: ({ prefix, suffix, neighbors }) => `[SUFFIX]${suffix}[PREFIX]${neighbors}${prefix}`,
  renderNeighbors: (neighbors, path) => `${listed(neighbors, '+++++ ')}+++++ ${path}\n`,
  stop: ['[PREFIX]', '[SUFFIX]', '[MIDDLE]', '</s>'],
  tokens: ['[PREFIX]', '[SUFFIX]', '[MIDDLE]', '[INST]', '[/INST]', '<s>', '</s>'],
};

export const mellum: InfillFamily = {
  id: 'mellum',
  order: suffixFirst,
  render: ({ prefix, suffix, path, neighbors }) =>
    `${neighbors}<filename>${path}\n<fim_suffix>${suffix}<fim_prefix>${prefix}<fim_middle>`,
  renderNeighbors: (neighbors) => listed(neighbors, '<filename>'),
  stop: ['<|endoftext|>', '<filename>', ...starcoderInfill],
  tokens: starcoderTokens,
};

const seedInfill = ['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>'];

export const seedCoder: InfillFamily = {
  id: 'seed-coder',
  order: suffixFirst,
  render: ({ prefix, suffix }) => `<[fim-suffix]>${suffix}<[fim-prefix]>${prefix}<[fim-middle]>`,
  stop: [...seedInfill, '<[end▁of▁sentence]>'],
  tokens: [...seedInfill, '<[begin▁of▁sentence]>', '<[end▁of▁sentence]>', '<[PAD▁TOKEN]>'],
};

export const families: readonly InfillFamily[] = [
  qwenCoder,
  codeLlama,
  starcoder,
  starcoder2,
  stableCode,
  graniteCode,
  granite4,
  codeGemma,
  deepseekCoder,
  codestral,
  mellum,
  seedCoder,
];

/** All tokens of all families: for a model whose format only the server knows. */
export const allTokens: readonly string[] = [
  ...new Set(families.flatMap(({ stop, tokens }) => tokens.concat(stop))),
];

/** Families trained with both orders. With the suffix first, a long suffix is read only once. */
const alsoSuffixFirst = new Map<InfillFamily, (parts: InfillParts) => string>([
  [codeLlama, ({ prefix, suffix }) => `<PRE> <SUF>${suffix} <MID> ${prefix}`],
  ...[starcoder, starcoder2].map(
    (family) =>
      [
        family,
        ({ prefix, suffix, neighbors }: InfillParts) =>
          `${neighbors}<fim_prefix><fim_suffix>${suffix}<fim_middle>${prefix}`,
      ] as const,
  ),
]);

/** The same family with the suffix first; undefined when it was not trained for that. */
export function suffixFirstFamily(family: InfillFamily): InfillFamily | undefined {
  if (family.order === suffixFirst) return family;
  const render = alsoSuffixFirst.get(family);
  return render && { ...family, order: suffixFirst, render };
}
