// npm run screenshots: the picture of the README, taken from the real window.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { buildExtension } from '../../esbuild.mjs';
import { startDemo } from './demo.ts';
import { openSampleWindow, sample } from './sampleWindow.ts';
import { root } from './vscode/npm.ts';

const SIZE = { width: 1040, height: 720 };
/** Of the window; the rest is the editor's. */
const PANEL_HEIGHT = 340;
const FILE = join(root, 'media', 'window.webp');
/** Bytes; the package is small and shall stay so. */
const LARGEST = 50 * 1024;

const UNCLUTTERED = {
  'editor.minimap.enabled': false,
  'workbench.activityBar.location': 'hidden',
  'breadcrumbs.enabled': false,
  'editor.lightbulb.enabled': 'off',
};

/** What only VS Code in a browser shows. */
const HIDDEN = ['keyboardLayout', 'forwardedPorts', 'host']
  .map((id) => `[id$="${id}"] { display: none !important }`)
  .join('\n');

/** Chromium itself encodes WebP; a page can reach that through a canvas. */
async function toWebp(page: Page, png: Buffer, quality: number): Promise<Buffer> {
  const script = `(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: ${quality} });
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  })()`;
  return Buffer.from(await page.evaluate<number[]>(script));
}

/** Drags the upper edge of the panel. */
async function growPanel(page: Page): Promise<void> {
  const { x, y, width } = (await page.locator('.part.panel').boundingBox())!;
  await page.mouse.move(x + width / 3, y - 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 3, SIZE.height - PANEL_HEIGHT, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(x + width / 2, y / 2);
}

/** The best quality that fits. */
async function smallEnough(page: Page, png: Buffer): Promise<Buffer> {
  for (const quality of [0.95, 0.9, 0.8, 0.7, 0.5]) {
    const webp = await toWebp(page, png, quality);
    if (webp.length <= LARGEST) return webp;
  }
  throw new Error(`the picture does not fit into ${LARGEST} bytes`);
}

/** Colours come after the text: the picture is taken when nothing changes any more. */
async function settled(page: Page): Promise<Buffer> {
  let before: Buffer = Buffer.alloc(0);
  let now = await page.screenshot();
  while (!now.equals(before)) {
    await delay(500);
    [before, now] = [now, await page.screenshot()];
  }
  return now;
}

await buildExtension();
const demo = await startDemo();
const { window, close } = await openSampleWindow(
  { 'codeworm.baseUrl': demo.url, ...UNCLUTTERED },
  { size: SIZE },
);
try {
  await window.page.addStyleTag({ content: HIDDEN });
  await window.page.keyboard.press('Control+b');
  await window.placeCursor({ line: sample.first, column: 3 });
  await window.contextMenu(sample.file, sample.text, ['CodeWorm', 'Explain']);
  await window.outputShows(/tokens\/s · /);
  await growPanel(window.page);
  const webp = await smallEnough(window.page, await settled(window.page));
  mkdirSync(join(root, 'media'), { recursive: true });
  writeFileSync(FILE, webp);
  console.log(`${FILE} ${(webp.length / 1024).toFixed(1)} KB`);
} finally {
  await close();
  await demo.close();
}
