/**
 * The names that package.json contributes to VS Code, as types, so that a mistyped one does not compile. A
 * test compares them with package.json.
 */

/** Commands, without the prefix `codeworm.`. */
export const commandNames = [
  'explain',
  'findBugs',
  'suggestImprovements',
  'writeTests',
  'ask',
  'fix',
  'improve',
  'edit',
  'acceptEdit',
  'discardEdit',
  'explainProblem',
  'fixProblem',
  'runAction',
  'writeDocumentationPage',
  'documentWorkspace',
  'chooseBestPages',
  'showDocumentation',
  'writeChosenPages',
  'pauseDocumentation',
  'resumeDocumentation',
  'stopDocumentation',
  'updateDocumentation',
  'reviewDocumentation',
  'addDocComment',
  'followUp',
  'copyAnswer',
  'insertAnswer',
  'openAnswer',
  'continueInChat',
  'openChat',
  'stopChat',
  'writeCommitMessage',
  'cancelCommitMessage',
  'cancel',
  'selectModel',
  'pullModel',
  'cancelPull',
  'deleteModel',
  'checkHealth',
  'diagnose',
  'startOllama',
  'prewarm',
  'unload',
  'approveServer',
  'revokeApproval',
  'showWhereCodeWasSent',
  'setApiKey',
  'clearApiKey',
  'showAnswers',
  'showLog',
  'turnOnSuggestions',
  'turnOffSuggestions',
  'pauseSuggestions',
  'whyNoSuggestion',
  'clearSuggestionFigures',
  'showActions',
  'openWalkthrough',
] as const;
export type CommandName = (typeof commandNames)[number];
export type CommandId = `codeworm.${CommandName}`;

/** Context keys for the `when` clauses of package.json, without the prefix. */
export const contextKeyNames = [
  'working',
  'pulling',
  'hasAnswer',
  'proposalOpen',
  'proposalActive',
  'writingCommitMessage',
  'hasPlan',
  'documentationShown',
  'documenting',
  'documentingPaused',
  'serverAnswers',
  'modelReady',
  'hasExplained',
  'hasWrittenPage',
  'suggestionsOn',
  'chatAllowed',
  'fixedServer',
  'notOllama',
  'noLoading',
  'noUnloading',
] as const;
export type ContextKey = `codeworm.${(typeof contextKeyNames)[number]}`;

/** Settings, without the prefix. */
export const settingNames = [
  'baseUrl',
  'serverType',
  'model',
  'models',
  'think',
  'temperature',
  'numCtx',
  'numPredict',
  'keepAlive',
  'headers',
  'connectTimeout',
  'idleTimeout',
  'prewarm',
  'pollInterval',
  'actions',
  'pages.folder',
  'pages.exclude',
  'pages.parallel',
  'pages.pauseOnBattery',
  'answerLanguage',
  'commitMessage.instructions',
  'completion.enabled',
  'completion.languages',
  'completion.model',
  'chat.tools',
] as const;
export type SettingName = (typeof settingNames)[number];

/** The section of the settings. */
export const section = 'codeworm';

/** Schemes of the documents that the extension provides. */
export const schemes = { proposal: 'codeworm-proposal', report: 'codeworm-report' } as const;

/**
 * The language of the output channel. It looks like Markdown but is not: VS Code makes links of `command:`
 * addresses in Markdown, so a click in an answer could run a command that the model has written.
 */
export const answerLanguageId = 'codeworm-answer';

/** The walkthrough: the extension's identifier and its own. */
export const walkthroughId = 'codeworm.codeworm#codeworm.firstMinutes';

/** The participant `@codeworm` of VS Code's chat. */
export const participantId = 'codeworm.chat';

/** Tools for any model in VS Code's chat. */
export const toolNames = [
  'codeworm_outline',
  'codeworm_read_documentation',
  'codeworm_list_documentation',
] as const;
export type ToolName = (typeof toolNames)[number];

/** The vendor of our models in VS Code's chat. */
export const modelVendor = 'codeworm';

/** The vendor of the model that is offered while none of our others is. */
export const standInVendor = 'codeworm-participant';

/**
 * Runs a button below an answer in the chat. It is in no menu, because only those buttons have its argument.
 */
export const answerButtonCommand = 'codeworm.answerButton';

/** The status bar item. */
export const statusItemId = 'codeworm.status';
