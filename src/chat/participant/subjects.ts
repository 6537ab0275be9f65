import * as vscode from 'vscode';
import type { Subject } from '../../code/subject.ts';
import { activeEditor } from '../../editor/activeEditor.ts';
import { locateFile, locateRange, locateSubject, type LocatedSubject } from '../../editor/subject.ts';
import type { ActionId } from '../../prompts/actions.ts';
import type { ChatTurn } from '../../prompts/chatPrompt.ts';
import { isShown } from '../../prompts/shownCode.ts';
import { isAttachment } from './attachments.ts';

/** A piece of code that a question is about. */
export interface AskedCode {
  subject: Subject;
  /** Its position; undefined for attached text. */
  place: LocatedSubject | undefined;
}

/** The subjects of a question. */
export interface AskedAbout {
  codes: AskedCode[];
  /** Names of attachments that cannot be read as text. */
  unreadable: string[];
}

/**
 * The attachments of a question; without any, the selection or the declaration at the cursor. A question that
 * continues a conversation needs the latter only if the conversation does not contain it in its current
 * state.
 */
export async function askedAbout(
  references: readonly vscode.ChatPromptReference[],
  action: ActionId,
  turns: readonly ChatTurn[],
): Promise<AskedAbout> {
  const attached = references.filter(isAttachment);
  const read = await Promise.all(
    attached.map(async (reference) => ({ reference, code: await codeOf(reference) })),
  );
  const codes = read.flatMap(({ code }) => code ?? []).filter(isNew);
  const unreadable = read.flatMap(({ reference, code }) => (code ? [] : [nameOf(reference)]));
  if (attached.length > 0) return { codes, unreadable };
  const place = await placeAtCursor();
  const isKnown = action === 'ask' && place !== undefined && knows(turns, place.subject);
  return { codes: place && !isKnown ? [{ subject: place.subject, place }] : [], unreadable };
}

/** A selection shows what the user means. */
function knows(turns: readonly ChatTurn[], subject: Subject): boolean {
  const prompts = turns.map(({ prompt }) => prompt);
  return subject.kind !== 'selection' && isShown(prompts, subject);
}

async function placeAtCursor(): Promise<LocatedSubject | undefined> {
  const editor = activeEditor();
  const place = editor && (await locateSubject(editor));
  return place?.subject.code.trim() ? place : undefined;
}

function keyOf({ path, kind, firstLine, lastLine, code }: Subject): string {
  return JSON.stringify([path, kind, firstLine, lastLine, code]);
}

/** The same file twice counts once. */
function isNew({ subject }: AskedCode, index: number, all: readonly AskedCode[]): boolean {
  return all.findIndex((other) => keyOf(other.subject) === keyOf(subject)) === index;
}

async function codeOf({
  id,
  value,
  modelDescription,
}: vscode.ChatPromptReference): Promise<AskedCode | undefined> {
  if (typeof value === 'string')
    return value.trim() ? attachedText(modelDescription ?? id, value) : undefined;
  try {
    const place = value instanceof vscode.Uri ? await readFile(value) : await readLocation(value);
    return place && { subject: place.subject, place };
  } catch {
    return undefined;
  }
}

async function readFile(uri: vscode.Uri): Promise<LocatedSubject> {
  return locateFile(await vscode.workspace.openTextDocument(uri));
}

async function readLocation(value: unknown): Promise<LocatedSubject | undefined> {
  if (!(value instanceof vscode.Location)) return undefined;
  const document = await vscode.workspace.openTextDocument(value.uri);
  const range = document.validateRange(value.range);
  return document.getText(range).trim() ? locateRange(document, range) : locateFile(document);
}

function attachedText(name: string, text: string): AskedCode {
  const lines = text.split('\n').length;
  const subject: Subject = {
    kind: 'file',
    name,
    path: name,
    languageId: 'plaintext',
    firstLine: 1,
    lastLine: lines,
    code: text,
    fileText: text,
  };
  return { subject, place: undefined };
}

function nameOf({ id, value }: vscode.ChatPromptReference): string {
  const uri = value instanceof vscode.Location ? value.uri : value;
  const name = uri instanceof vscode.Uri ? uri.path.split('/').findLast((part) => part !== '') : undefined;
  return name ?? id;
}
