/** Functions of `prompts`, `answers` and other folders, each called with a text. */
import { findCode, fitCode, isElided } from '../../src/answers/codeAnswer.ts';
import { namesOf } from '../../src/answers/chooseBlock.ts';
import { judgeAnswer, judgeCode } from '../../src/answers/judge.ts';
import { declaredTwice } from '../../src/answers/judgeInsertion.ts';
import { docTextOf } from '../../src/answers/docCommentAnswer.ts';
import { closedLine, harmless, plainLines, wrapped } from '../../src/answers/docCommentText.ts';
import { documentationXml } from '../../src/answers/docCommentXml.ts';
import { PageText } from '../../src/answers/pageFormatter.ts';
import {
  commitList,
  pageClosing,
  pageFields,
  pageFileName,
  pageHeader,
} from '../../src/answers/pageHeader.ts';
import { isOnlyComment, renderDocComment } from '../../src/answers/renderDocComment.ts';
import { singleCodeBlock } from '../../src/answers/singleCodeBlock.ts';
import { docLanguages } from '../../src/code/docCommentStyles.ts';
import { trimSuggestion } from '../../src/completion/engine/index.ts';
import { readCustomActions } from '../../src/config/customActions.ts';
import { withoutCredentials } from '../../src/diagnosis/candidates.ts';
import { inert } from '../../src/diagnosis/inert.ts';
import { defaultGateways, nameservers } from '../../src/diagnosis/machine.ts';
import { redact } from '../../src/diagnosis/redact.ts';
import { nameHosts } from '../../src/diagnosis/redactHosts.ts';
import { instructionFor, subjectPhrase } from '../../src/prompts/actions.ts';
import { buildChatPrompt } from '../../src/prompts/chatPrompt.ts';
import { chatInstruction, taskOf } from '../../src/prompts/chatTask.ts';
import { isShown } from '../../src/prompts/shownCode.ts';
import { summaryPrompt } from '../../src/prompts/summaries.ts';
import { buildCommitPrompt } from '../../src/prompts/commitMessage.ts';
import { excerptFor, isPartOfLines, renderExcerpt } from '../../src/prompts/excerpt.ts';
import { buildFollowUp } from '../../src/prompts/followUp.ts';
import { omissionOf } from '../../src/prompts/omission.ts';
import { pageHeadings, pageInstruction } from '../../src/prompts/pageKinds.ts';
import { renderProblems } from '../../src/prompts/problems.ts';
import { buildPrompt, buildPromptWith } from '../../src/prompts/prompt.ts';
import { encodedCost, noteCost } from '../../src/prompts/tokens.ts';
import type { TextFunction } from './textFunctions.ts';
import {
  ofSubject,
  budget,
  cost,
  subjectOf,
  judgedBy,
  outlinedLanguages,
  middle,
  fenced,
  replacedBy,
  style,
  languages,
  layout,
  pieces,
  identity,
} from './textSamples.ts';

export const ofPrompts: TextFunction[] = [
  ...ofSubject('buildPrompt', (subject) => buildPrompt('ask', subject, budget, `Why? ${subject.code}`)),
  ...ofSubject('buildPromptWith', (subject) => buildPromptWith(subject.code, subject, budget)),
  ...ofSubject('excerptFor', (subject) => excerptFor(subject, 2000, cost)),
  ...ofSubject('renderExcerpt', (subject) => renderExcerpt(subject, excerptFor(subject, 2000, cost))),
  ...ofSubject('omissionOf', (subject) => omissionOf(subject, excerptFor(subject, 2000, cost), 4096)),
  ...ofSubject('isPartOfLines', isPartOfLines),
  { name: 'instructionFor', run: (text) => instructionFor('ask', subjectOf('a', 'a'), text) },
  { name: 'subjectPhrase', run: (text) => subjectPhrase({ ...subjectOf('a', 'a', 'symbol'), name: text }) },
  {
    name: 'pageInstruction',
    run: (text) =>
      pageInstruction('evolution', text, { path: text, commits: [{ hash: 'a', date: 'b', subject: text }] }),
  },
  {
    name: 'renderProblems',
    run: (text) =>
      renderProblems([{ severity: 'error', message: text, source: text, firstLine: 1, lastLine: 1 }]),
  },
  {
    name: 'buildCommitPrompt',
    run: (text) =>
      buildCommitPrompt(
        {
          files: [],
          subjects: text.split('\n'),
          prepared: { text, kind: 'squash' },
          branch: text,
          instructions: text,
        },
        budget,
      ),
  },
  {
    name: 'buildFollowUp',
    run: (text) => buildFollowUp([{ prompt: text, answer: text }], text, { ...budget, numCtx: 1_000_000 }),
  },
  ...ofSubject('buildChatPrompt', (subject) => {
    const asked = { action: 'ask', question: subject.code, subjects: [subject] } as const;
    const first = buildChatPrompt([], asked, budget);
    const turns = [{ prompt: 'prompt' in first ? first.prompt : '', answer: subject.code }];
    return buildChatPrompt(turns, asked, { ...budget, numCtx: 1_000_000 });
  }),
  ...ofSubject('chatInstruction', (subject) =>
    chatInstruction({ action: 'ask', question: subject.code, subjects: [subject] }, subject),
  ),
  ...ofSubject('taskOf', (subject) =>
    taskOf({ action: 'explain', question: subject.code, subjects: [subject, subject] }, undefined),
  ),
  ...ofSubject('isShown', (subject) =>
    isShown([buildPrompt('ask', subject, budget, 'Why?').prompt], subject),
  ),
  {
    name: 'summaryPrompt',
    run: (text) => {
      const commit = { hash: 'a', date: 'b', subject: text, body: text, files: [{ path: text }] };
      const facts = { kind: 'week', period: text, from: 'a', to: 'b', stale: [text] } as const;
      return summaryPrompt({ ...facts, commits: [commit, commit] }, () => true);
    },
  },
  { name: 'tokenCost', run: cost },
  { name: 'noteCost', run: (text) => noteCost(text, cost) },
  { name: 'encodedCost', run: (text) => encodedCost(3)(text) },
];

const headings = pageHeadings('function');
export const ofAnswers: TextFunction[] = [
  { name: 'judgeAnswer', run: (text) => judgeAnswer({ text, isCut: false }, judgedBy('a', 'typescript')) },
  ...outlinedLanguages.map((language): TextFunction => ({
    name: `judgeCode (${language})`,
    run: (text) => judgeCode({ code: `${text.slice(0, -1)}b`, tag: '' }, judgedBy(text, language)),
  })),
  { name: 'declaredTwice', run: (text) => declaredTwice(text, middle(text), text, 'typescript') },
  { name: 'isElided', run: (text) => isElided(text, text, 'typescript') },
  { name: 'namesOf', run: (text) => namesOf(text, text) },
  {
    name: 'judgeAnswer (fenced)',
    run: (text) => judgeAnswer({ text: fenced(text), isCut: false }, judgedBy(text, 'typescript')),
  },
  { name: 'findCode', run: (text) => findCode({ text, isCut: false }, { languageId: text, path: text }) },
  { name: 'fitCode', run: (text) => fitCode(text, replacedBy(text, text)) },
  { name: 'singleCodeBlock', run: singleCodeBlock },
  ...docLanguages.map((language): TextFunction => ({
    name: `harmless (${language})`,
    run: (text) => harmless(text, style(language)),
  })),
  ...languages.flatMap((language): TextFunction[] => [
    { name: `docTextOf (${language})`, run: (text) => docTextOf(text, style(language), text) },
    {
      name: `docTextOf (${language}, fenced)`,
      run: (text) => docTextOf(fenced(text), style(language), 'code'),
    },
    {
      name: `renderDocComment (${language})`,
      run: (text) => renderDocComment(text, style(language), layout),
    },
    { name: `isOnlyComment (${language})`, run: (text) => isOnlyComment(text.split('\n'), style(language)) },
  ]),
  { name: 'plainLines', run: plainLines },
  { name: 'closedLine', run: closedLine },
  { name: 'wrapped', run: (text) => wrapped(text, 80) },
  { name: 'documentationXml', run: documentationXml },
  { name: 'pageFields', run: (text) => pageFields(subjectOf(text, text, 'file'), text) },
  {
    name: 'pageHeader',
    run: (text) => pageHeader(pageFields({ ...subjectOf(text, text, 'symbol'), name: text }, text)),
  },
  { name: 'pageFileName', run: (text) => pageFileName('function', text) },
  { name: 'pageClosing', run: (text) => pageClosing({ program: text, date: new Date(0) }) },
  { name: 'commitList', run: (text) => commitList([{ hash: 'a', date: 'b', subject: text }]) },
  {
    name: 'PageText',
    run: (text) => {
      const page = new PageText(headings);
      return page.add(text) + page.end(true);
    },
  },
  {
    name: 'PageText (in pieces)',
    run: (text) => {
      const page = new PageText(headings);
      for (const piece of pieces(`## ${headings[0]}\n\n${text}`, 4)) page.add(piece);
      return page.end(true);
    },
  },
];

const suggestion = (languageId: string) => (text: string) =>
  trimSuggestion(text, { prefix: `function f() {\n  `, suffix: `\n}\n`, languageId, multiline: true });

export const others: TextFunction[] = [
  { name: 'redact', run: (text) => redact(text, identity) },
  { name: 'redact (secret)', run: (text) => redact(text, { ...identity, secrets: [text.slice(0, 100)] }) },
  { name: 'nameHosts', run: (text) => nameHosts()(text) },
  { name: 'inert', run: (text) => inert((value) => value)(text) },
  { name: 'defaultGateways', run: defaultGateways },
  { name: 'nameservers', run: nameservers },
  { name: 'withoutCredentials', run: withoutCredentials },
  { name: 'readCustomActions', run: (text) => readCustomActions([{ title: text, instruction: text }]) },
  { name: 'trimSuggestion (typescript)', run: suggestion('typescript') },
  { name: 'trimSuggestion (python)', run: suggestion('python') },
];
