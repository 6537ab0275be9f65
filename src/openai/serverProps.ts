import { isFields } from '../http/json.ts';

/** What llama-server reports about itself. */
export interface ServerProps {
  build: string;
  /** Whether the template of the model knows tools; undefined when the server does not report it. */
  tools: boolean | undefined;
  images: boolean;
  /** Tokens of the context window of one slot; 0 when the server does not report it. */
  windowTokens: number;
}

/** Reads the answer of `/props`. */
export function readProps(props: Record<string, unknown>): ServerProps {
  const {
    build_info: build,
    chat_template_caps: template,
    modalities,
    default_generation_settings: defaults,
  } = props;
  const window = isFields(defaults) ? defaults['n_ctx'] : undefined;
  const tools = isFields(template) ? template['supports_tools'] : undefined;
  return {
    build: typeof build === 'string' ? build : '',
    tools: typeof tools === 'boolean' ? tools : undefined,
    images: isFields(modalities) && modalities['vision'] === true,
    windowTokens: typeof window === 'number' && window > 0 ? window : 0,
  };
}

/** Reads the answer of `/slots`: which of them work now. */
export function readSlots(slots: unknown): { busy: number; total: number } | undefined {
  if (!Array.isArray(slots) || slots.length === 0) return undefined;
  const busy = slots.filter((slot) => isFields(slot) && slot['is_processing'] === true).length;
  return { busy, total: slots.length };
}
