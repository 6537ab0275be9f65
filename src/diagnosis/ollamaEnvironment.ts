import { insideOf, isWholePath, pathRules } from './untrustedFolders.ts';

/** Variables that determine a program, its libraries and its data. */
const decisive = /^(?:PATH|OLLAMA_.*|LD_.*|DYLD_.*|GGML_.*|CUDA_.*|HIP_.*|ROCM_.*)$/i;

/**
 * The environment for Ollama without values that lead into one of the folders: the shell that started VS Code
 * may have taken them from a repository.
 */
export async function environmentOutside(
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<NodeJS.ProcessEnv> {
  const isInside = await insideOf(folders, platform);
  const { delimiter } = pathRules(platform);
  const entries = await Promise.all(
    Object.entries(env).map(async ([name, value = '']) => {
      if (!decisive.test(name)) return [[name, value]];
      const parts = value.split(delimiter);
      const inside = await Promise.all(
        parts.map(async (part) =>
          isWholePath(part, platform) ? isInside(part) : name.toUpperCase() === 'PATH',
        ),
      );
      if (!inside.includes(true)) return [[name, value]];
      const left = parts.filter((_, index) => !inside[index]).join(delimiter);
      return name.toUpperCase() === 'PATH' ? [[name, left]] : [];
    }),
  );
  return Object.fromEntries(entries.flat() as [string, string][]);
}
