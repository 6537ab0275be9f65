// Makes a small picture file of a window.
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Bytes, so that a clone of the project stays small. */
const LARGEST = 80 * 1024;

/** A part of the window, in pixels. */
export interface Clip {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The visible content, in the best quality that fits. */
export async function takePicture(page: Page, clip?: Clip): Promise<Buffer> {
  const png = await settled(page, clip);
  // 1 is lossless, which is small for few colors.
  for (const quality of [1, 0.95, 0.9, 0.8, 0.7, 0.5]) {
    const webp = await toWebp(page, png, quality);
    if (webp.length <= LARGEST) return webp;
  }
  throw new Error(`the picture does not fit into ${LARGEST} bytes`);
}

/** Colors come after the text, so this waits until nothing changes any more. */
async function settled(page: Page, clip?: Clip): Promise<Buffer> {
  const options = clip ? { clip } : {};
  let before: Buffer = Buffer.alloc(0);
  let now = await page.screenshot(options);
  while (!now.equals(before)) {
    await delay(500);
    [before, now] = [now, await page.screenshot(options)];
  }
  return now;
}

/** Chromium itself encodes WebP, through a page's canvas. */
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
