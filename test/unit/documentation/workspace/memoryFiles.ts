import { temporarySuffix, type PageFiles } from '../../../../src/documentation/workspace/pageFiles.ts';

type Step = 'write' | 'replace' | 'moveToNew' | 'remove';

/** A folder in memory. Steps can be made to fail like on a disk: half of the file may be there. */
export class MemoryFiles implements PageFiles {
  readonly content = new Map<string, string>();
  /** Files with unsaved changes in an editor. */
  readonly unsaved = new Set<string>();
  /** Every step that has changed something. */
  readonly steps: [Step, string][] = [];
  /** The error of the next steps; `undefined` lets them succeed. */
  fault: (step: Step, path: string) => string | undefined = () => undefined;

  constructor(content: Record<string, string> = {}) {
    for (const [path, text] of Object.entries(content)) this.content.set(path, text);
  }

  /** Incomplete files, which no reader should ever see. */
  get parts(): string[] {
    return [...this.content.keys()].filter((path) => path.endsWith(temporarySuffix));
  }

  get pages(): string[] {
    return [...this.content.keys()].filter((path) => path.endsWith('.md') && !path.includes('.codeworm/'));
  }

  async *list(): AsyncIterable<string> {
    for (const path of [...this.content.keys()])
      if (!/(^|\/)\./.test(path) && (path.endsWith('.md') || path.endsWith(temporarySuffix))) yield path;
  }

  async names(folder: string): Promise<string[]> {
    return [...this.content.keys()]
      .filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
      .map((path) => path.slice(folder.length + 1));
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const text = this.content.get(path);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  isUnsaved(path: string): boolean {
    return this.unsaved.has(path);
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const code = this.fault('write', path);
    // A full disk keeps what fitted.
    this.content.set(path, code ? text.slice(0, text.length / 2) : text);
    if (code) throw systemError(code);
    this.steps.push(['write', path]);
  }

  async replace(from: string, to: string): Promise<void> {
    this.step('replace', to);
    this.content.set(to, this.content.get(from)!);
    this.content.delete(from);
  }

  async moveToNew(from: string, to: string): Promise<void> {
    if (this.content.has(to)) throw systemError('EEXIST');
    this.step('moveToNew', to);
    this.content.set(to, this.content.get(from)!);
    this.content.delete(from);
  }

  async remove(path: string): Promise<void> {
    if (!this.content.has(path)) return;
    this.step('remove', path);
    this.content.delete(path);
  }

  private step(step: Step, path: string): void {
    const code = this.fault(step, path);
    if (code) throw systemError(code);
    this.steps.push([step, path]);
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
