// npm run screenshots [-- name...]: the pictures of the README, taken from the real window with the demo
// server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildExtension } from '../../esbuild.mjs';
import { startDemo } from './demo.ts';
import { startDouble } from './double/index.ts';
import { scenes, type Scene } from './pictures/scenes.ts';
import { takePicture } from './pictures/webp.ts';
import { openSampleWindow } from './sampleWindow.ts';
import { root } from './vscode/npm.ts';

const UNCLUTTERED = {
  'editor.minimap.enabled': false,
  'workbench.activityBar.location': 'hidden',
  'breadcrumbs.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.lightbulb.enabled': 'off',
};

/** Elements that only VS Code in a browser shows. */
const HIDDEN = ['[id$="keyboardLayout"]', '[id$="forwardedPorts"]', '[id$="host"]', '.getting-started-footer']
  .map((selector) => `${selector} { display: none !important }`)
  .join('\n');

async function take({ name, size, scale = 1, settings, play }: Scene, url: string): Promise<void> {
  const { window, close } = await openSampleWindow(
    { 'codeworm.baseUrl': url, ...UNCLUTTERED, ...settings },
    { size, scale, builtIn: 'all' },
  );
  try {
    await window.page.addStyleTag({ content: HIDDEN });
    await window.page.keyboard.press('Control+b');
    await window.extensionStatus().locator('.codicon-circle-filled').waitFor();
    const webp = await takePicture(window.page, await play(window));
    const file = join(root, 'media', `${name}.webp`);
    writeFileSync(file, webp);
    console.log(`${file} ${(webp.length / 1024).toFixed(1)} KB`);
  } catch (error) {
    await window.screenshot(`picture-${name}`).catch(() => undefined);
    throw error;
  } finally {
    await close();
  }
}

/** With the scene's own server, or the demo server. */
async function takeFrom(scene: Scene): Promise<void> {
  if (!scene.server) return take(scene, demo.url);
  await using double = await startDouble(scene.server);
  await take(scene, double.url);
}

const wanted = process.argv.slice(2);
await buildExtension();
mkdirSync(join(root, 'media'), { recursive: true });
const demo = await startDemo();
try {
  for (const scene of scenes) if (wanted.length === 0 || wanted.includes(scene.name)) await takeFrom(scene);
} finally {
  await demo.close();
}
