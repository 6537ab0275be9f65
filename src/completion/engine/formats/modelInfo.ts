import type { InfillFamily } from './family.ts';

/** GGUF's names for the token ids. The first one is the current name in llama.cpp. */
const keys = {
  prefix: ['fim_pre_token_id', 'prefix_token_id'],
  suffix: ['fim_suf_token_id', 'suffix_token_id'],
  middle: ['fim_mid_token_id', 'middle_token_id'],
};
/** Tokens that end an answer or a file. */
const endings = ['fim_pad_token_id', 'fim_rep_token_id', 'fim_sep_token_id', 'eos_token_id', 'eot_token_id'];

/** A family made from the infill tokens in a model's file; undefined when some are missing. */
export function familyOfModelInfo(info: Readonly<Record<string, unknown>>): InfillFamily | undefined {
  const prefix = tokenOf(info, keys.prefix);
  const suffix = tokenOf(info, keys.suffix);
  const middle = tokenOf(info, keys.middle);
  if (!prefix || !suffix || !middle) return undefined;
  const ends = endings.map((key) => tokenOf(info, [key])).filter((token) => token !== undefined);
  const tokens = [...new Set([prefix, suffix, middle, ...ends])];
  return {
    id: 'model-info',
    order: 'prefix-first',
    render: (parts) => `${prefix}${parts.prefix}${suffix}${parts.suffix}${middle}`,
    stop: tokens,
    tokens,
  };
}

function tokenOf(info: Readonly<Record<string, unknown>>, names: string[]): string | undefined {
  const texts = info['tokenizer.ggml.tokens'];
  if (!Array.isArray(texts)) return undefined;
  const ids = names.map((name) => info[`tokenizer.ggml.${name}`]);
  const id = ids.find((value) => typeof value === 'number');
  const text: unknown = id === undefined ? undefined : texts[id];
  return typeof text === 'string' && text !== '' ? text : undefined;
}
