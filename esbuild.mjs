// Bundles the extension, and the suites that run inside the extension host.
//   node esbuild.mjs [--dev] [--watch] [--tests]
import { build as esbuild } from 'esbuild';
import { readFile, stat } from 'node:fs/promises';
import { readdirSync, watch } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
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
  // A dynamic import of a bundle of ours is a `require`.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/**
 * Parts of node-fetch that nothing here uses: forms, files and blobs. Node itself has the classes; what only makes or
 * reads such bodies is left out.
 */
const unusedParts = {
  'fetch-blob': 'export default Blob;',
  'fetch-blob/from.js': `const [ourBlob, ourFile] = [Blob, File];
    export { ourBlob as default, ourBlob as Blob, ourFile as File };
    export const blobFrom = 0, blobFromSync = 0, fileFrom = 0, fileFromSync = 0;`,
  'formdata-polyfill/esm.min.js':
    'const ourFormData = FormData; export { ourFormData as FormData }; export const formDataToBlob = 0;',
  './utils/multipart-parser.js': 'export const toFormData = 0;',
};

const withoutUnusedParts = {
  name: 'without-unused-parts',
  setup(build) {
    build.onResolve({ filter: /^(?:fetch-blob|formdata-polyfill|\.\/utils\/multipart-parser)/ }, ({ path }) =>
      path in unusedParts ? { path, namespace: 'unused' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: unusedParts[path] }));
  },
};

/**
 * What VS Code loads at activation is `dist/extension.js`; every module that the sources import dynamically is a bundle
 * of its own, loaded at its first use. What both need is in the first one only, so that a class or a piece of state
 * exists once: the later ones get it from there.
 */
const startFile = 'src/extension.ts';

/** @returns {import('esbuild').BuildOptions} */
function extensionOptions(dev) {
  return { ...common, outdir: 'dist', minify: !dev, sourcemap: dev, metafile: true };
}

/** Of a module of ours, the folder; of a package, its name. */
const bundleName = (path) =>
  `${path.includes('/') || path.includes('\\') ? basename(dirname(path)) : path}.js`;

/** Leaves dynamic imports to bundles of their own, and collects what they import. */
function lazily(lazy) {
  return {
    name: 'lazy',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import' || !resolveDir.startsWith(join(root, 'src'))) return undefined;
        const target = path.startsWith('.') ? join(resolveDir, path) : path;
        lazy.add(target);
        return { path: `./${bundleName(target)}`, external: true };
      });
    },
  };
}

/** Takes the modules of the first bundle from there. */
function fromStart(inStart, shared) {
  return {
    name: 'shared',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const name = relative(root, join(resolveDir, path)).replaceAll('\\', '/');
        if (kind === 'dynamic-import' || !inStart.has(name)) return undefined;
        shared.add(name);
        return { path: name, namespace: 'shared' };
      });
      build.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
        contents: `module.exports = require('./extension.js').shared[${JSON.stringify(path)}];`,
      }));
    },
  };
}

/** The first bundle's entry: what VS Code calls, and the modules that the later bundles share. */
function startEntry(shared) {
  const modules = [...shared].toSorted((a, b) => a.localeCompare(b));
  return {
    contents: [
      `export * from './${startFile}';`,
      ...modules.map((path, index) => `import * as shared${index} from './${path}';`),
      `export const shared = { ${modules.map((path, index) => `${JSON.stringify(path)}: shared${index}`).join(', ')} };`,
    ].join('\n'),
    resolveDir: root,
    sourcefile: 'start.ts',
  };
}

/**
 * Bundles the extension into dist/.
 * @returns {Promise<Record<string, number>>} the sizes in bytes, by file
 */
export async function buildExtension({ dev = false } = {}) {
  const options = extensionOptions(dev);
  const lazy = new Set();
  const first = {
    ...options,
    write: false,
    entryPoints: [startFile],
    plugins: [lazily(lazy), withoutUnusedParts],
  };
  const inStart = new Set(
    Object.keys((await esbuild(first)).metafile.inputs).filter((path) => path.startsWith('src/')),
  );
  const shared = new Set();
  const later = async (entry) => {
    const plugins = [lazily(lazy), fromStart(inStart, shared), withoutUnusedParts];
    const outfile = join('dist', bundleName(entry));
    await esbuild({
      ...options,
      outdir: undefined,
      outfile,
      entryPoints: [entry],
      plugins,
      external: [...options.external, './extension.js'],
    });
  };
  for (const entry of lazy) await later(entry);
  await esbuild({
    ...options,
    outdir: undefined,
    outfile: 'dist/extension.js',
    stdin: startEntry(shared),
    plugins: [lazily(new Set()), withoutUnusedParts],
  });
  const files = ['dist/extension.js', ...[...lazy].map((entry) => `dist/${bundleName(entry)}`)];
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, (await stat(join(root, file))).size])),
  );
}

/** Bundles a module with (parts of) the extension into one file, minified as the extension itself is. */
export async function buildModule(entry, outfile) {
  await esbuild({
    ...extensionOptions(false),
    outdir: undefined,
    metafile: false,
    entryPoints: [entry],
    outfile,
  });
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
async function rebuild() {
  console.log('[watch] build started');
  await buildExtension({ dev: true }).catch(({ errors = [] }) => {
    for (const { text, location: at } of errors)
      console.error(`${at?.file ?? 'esbuild'}:${at?.line ?? 1}:${(at?.column ?? 0) + 1}: error: ${text}`);
  });
  console.log('[watch] build finished');
}

/** Builds now and after every change of the sources; changes during a build are one more build. */
async function watchSources() {
  common.logLevel = 'silent';
  await rebuild();
  let timer;
  let building = Promise.resolve();
  watch(join(root, 'src'), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => (building = building.then(rebuild)), 100);
  });
}

async function main(args) {
  if (args.includes('--watch')) return watchSources();
  if (args.includes('--tests')) await buildHostTests();
  const sizes = await buildExtension({ dev: args.includes('--dev') });
  for (const [file, size] of Object.entries(sizes)) console.log(`${file} ${(size / 1024).toFixed(1)} KB`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch(() => {
    process.exitCode = 1; // esbuild has printed why
  });
}
