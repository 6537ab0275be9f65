// Bundles the extension, and the suites that run inside the extension host.
//   node esbuild.mjs [--dev] [--watch] [--tests]
import { context, build as esbuild } from 'esbuild';
import { readFile, stat } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // node-fetch brings a polyfill for Nodes without web streams; no VS Code has such a Node.
  external: ['vscode', 'web-streams-polyfill'],
  // The Node of the oldest VS Code that `engines.vscode` admits.
  target: 'node22',
  // Some packages' "main" is a UMD wrapper that cannot be bundled; their "module" can.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
};

/** @returns {import('esbuild').BuildOptions} */
function extensionOptions(dev) {
  return {
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    minify: !dev,
    sourcemap: dev,
  };
}

/** Bundles src/extension.ts and returns the bundle's size in bytes. */
export async function buildExtension({ dev = false } = {}) {
  await esbuild(extensionOptions(dev));
  return (await stat(join(root, 'dist/extension.js'))).size;
}

/** Bundles a module with (parts of) the extension into `outfile`, minified as the extension itself is. */
export async function buildModule(entry, outfile) {
  await esbuild({ ...extensionOptions(false), entryPoints: [entry], outfile });
}

/** Bundles every test/host/*.test.ts into out/host/index.js, which exports `run(): Promise<void>`. */
export async function buildHostTests() {
  const suites = readdirSync(join(root, 'test/host')).filter((name) => name.endsWith('.test.ts'));
  const contents = [...suites.map((name) => `import './${name}';`), `export { run } from './runner.ts';`];
  await esbuild({
    ...common,
    stdin: { contents: contents.join('\n'), resolveDir: join(root, 'test/host'), sourcefile: 'suites.ts' },
    outfile: 'out/host/index.js',
    sourcemap: true,
    plugins: [importMeta],
  });
}

/** CommonJS has no import.meta; test support uses it to find files beside its sources. */
const importMeta = {
  name: 'import-meta',
  setup(build) {
    build.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => {
      const values = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      const source = await readFile(path, 'utf8');
      const contents = source.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, key) =>
        JSON.stringify(values[key]),
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** One line a problem and a line before and after each build: what .vscode/tasks.json looks for. */
const report = {
  name: 'report',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(({ errors }) => {
      for (const { text, location: at } of errors) {
        console.error(`${at?.file ?? 'esbuild'}:${at?.line ?? 1}:${(at?.column ?? 0) + 1}: error: ${text}`);
      }
      console.log('[watch] build finished');
    });
  },
};

async function watch() {
  const watching = await context({ ...extensionOptions(true), logLevel: 'silent', plugins: [report] });
  await watching.watch();
}

async function main(args) {
  if (args.includes('--watch')) return watch();
  if (args.includes('--tests')) await buildHostTests();
  const size = await buildExtension({ dev: args.includes('--dev') });
  console.log(`dist/extension.js ${(size / 1024).toFixed(1)} KB`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch(() => {
    process.exitCode = 1; // esbuild has printed why
  });
}
