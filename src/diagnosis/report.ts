import {
  parseBaseUrl,
  sentence,
  type LoadedModel,
  type OllamaSettings,
  type Sentence,
} from '../ollama/index.ts';
import { whySentence, withoutCredentials } from './candidates.ts';
import { conclusionOf } from './conclusion.ts';
import type { Diagnosis, Finding } from './diagnose.ts';
import { inert, inertSentence, type Translate } from './inert.ts';
import { problemWords } from './problemWords.ts';
import { redactor, type Identity } from './redact.ts';
import { modelOf, type ServerSeen } from './server.ts';
import { gigabytes } from './sizes.ts';
import type { Words } from './words.ts';

/** What the report says besides what was found. */
export interface ReportFacts {
  extensionVersion: string;
  vscodeVersion: string;
  /** Such as `linux` and `x64`. */
  platform: string;
  arch: string;
  nodeVersion: string;
  settings: Pick<OllamaSettings, 'model' | 'numCtx' | 'keepAlive' | 'connectTimeoutMs' | 'idleTimeoutMs'>;
  /** Names only; no value of a header comes into the report. */
  headerNames: readonly string[];
  keyStored: boolean;
}

/** Models beyond this many are only counted. */
const mostModels = 50;

/**
 * The diagnosis as a Markdown document that can be pasted into a public issue: no keys, no code, no names of the
 * user or of his machines, and nothing in it that a reader of Markdown would follow or run.
 */
export function reportOf(
  diagnosis: Diagnosis,
  facts: ReportFacts,
  identity: Identity,
  translate: Translate,
): string {
  const redact = redactor(identity);
  const page = new Page(translate, inert(redact));
  page.begin(conclusionOf(diagnosis));
  addresses(page, diagnosis.findings);
  remedies(page, diagnosis.findings);
  const server = serverOf(diagnosis);
  if (server) describe(page, server, facts);
  settings(page, facts);
  machine(page, diagnosis, facts);
  return redact(page.text);
}

/** The lines of a Markdown document, every value in them inert. */
class Page {
  private readonly lines: string[] = [];
  private readonly translate: Translate;
  private readonly show: (value: string | number) => string;

  constructor(translate: Translate, show: (value: string | number) => string) {
    this.translate = translate;
    this.show = show;
  }

  get text(): string {
    return `${this.lines.join('\n')}\n`;
  }

  begin({ finding, remedy }: Words): void {
    this.lines.push(`# ${this.say(sentence('CodeWorm: the connection to Ollama'))}`, '');
    this.lines.push(`**${this.say(finding)}**`, '', this.say(remedy));
  }

  heading(title: Sentence): void {
    this.lines.push('', `## ${this.say(title)}`, '');
  }

  /** A value that is a sentence is said, any other shown. */
  table(head: Sentence[], rows: (Sentence | string | number)[][]): void {
    const row = (cells: string[]): void => void this.lines.push(`| ${cells.join(' | ')} |`);
    row(head.map((title) => this.say(title)));
    row(head.map(() => '---'));
    for (const cells of rows) row(cells.map((cell) => this.cell(cell)));
  }

  item(...parts: (Sentence | string | number)[]): void {
    this.lines.push(`- ${parts.map((part) => this.cell(part)).join(' ')}`);
  }

  private cell(value: Sentence | string | number): string {
    return typeof value === 'object' ? this.say(value) : this.show(value);
  }

  private say(text: Sentence): string {
    return inertSentence(text, this.translate, this.show);
  }
}

function addresses(page: Page, findings: readonly Finding[]): void {
  page.heading(sentence('Addresses'));
  page.table(
    [sentence('Address'), sentence('Why it was tried'), sentence('What was found')],
    findings.map(({ address, why, verdict }) => [address, whySentence(why), verdict.finding]),
  );
}

/**
 * Where the configured address works, that nothing listens at others is as it should be. What helps in several
 * places is said once.
 */
function remedies(page: Page, [configured, ...others]: Diagnosis['findings']): void {
  page.heading(sentence('What can be done'));
  const works = configured.verdict.kind === 'working';
  const told = works ? [] : others.filter(({ verdict }) => verdict.kind !== 'notApproved');
  const all = [configured, ...told].flatMap((finding) =>
    remediesOf(finding).map((parts) => ({ address: finding.address, parts })),
  );
  const groups = Map.groupBy(all, ({ parts }) => JSON.stringify(parts));
  for (const group of groups.values())
    page.item(...group.map(({ address }) => address), ...(group[0]?.parts ?? []));
}

function remediesOf({ verdict }: Finding): Sentence[][] {
  if (verdict.kind !== 'working' || verdict.server.problems.length === 0) return [[verdict.remedy]];
  const { problems, origin } = verdict.server;
  return problems.map((problem) => {
    const { finding, remedy } = problemWords(problem, origin);
    return [finding, remedy];
  });
}

/** The configured server if it works, else the one to use in its place. */
function serverOf({ findings, recommended }: Diagnosis): ServerSeen | undefined {
  const working = findings.filter(({ verdict }) => verdict.kind === 'working');
  const finding = working.find(({ why, address }) => why === 'configured' || address === recommended);
  return finding?.verdict.kind === 'working' ? finding.verdict.server : undefined;
}

function describe(page: Page, server: ServerSeen, { settings: { model } }: ReportFacts): void {
  page.heading(sentence('Server'));
  page.item(sentence('Address:'), server.origin);
  page.item(sentence('Version:'), server.version);
  page.item(sentence('Model in use:'), modelOf(server, model) ?? sentence('none'));
  page.item(sentence('Installed models:'), server.installed.length);
  if (server.loaded === undefined) page.item(sentence('What is loaded is not known.'));
  else if (server.loaded.length === 0) page.item(sentence('No model is loaded.'));
  for (const loaded of server.loaded ?? [])
    page.item(sentence('Loaded:'), loaded.name, loadedSentence(loaded));
  if (server.installed.length === 0) return;
  page.heading(sentence('Models'));
  page.table(
    [sentence('Name'), sentence('Size'), sentence('Parameters'), sentence('Quantization')],
    server.installed
      .slice(0, mostModels)
      .map((installed) => [
        installed.name,
        sentence('{0} GB', Number(gigabytes(installed.sizeBytes))),
        installed.parameterSize,
        installed.quantization,
      ]),
  );
}

function loadedSentence({ sizeBytes, gpuShare, contextLength }: LoadedModel): Sentence {
  return sentence(
    '({0} GB, {1} % of it on the GPU, context window {2} tokens)',
    Number(gigabytes(sizeBytes)),
    Math.round(gpuShare * 100),
    contextLength,
  );
}

function settings(page: Page, { settings, headerNames, keyStored }: ReportFacts): void {
  page.heading(sentence('Settings'));
  page.item(sentence('Model:'), settings.model || sentence('none is named'));
  page.item(sentence('Context window in tokens:'), settings.numCtx);
  page.item(sentence('Keep alive:'), settings.keepAlive);
  page.item(sentence('Connect timeout in seconds:'), settings.connectTimeoutMs / 1000);
  page.item(sentence('Idle timeout in seconds:'), settings.idleTimeoutMs / 1000);
  page.item(sentence('Headers:'), ...(headerNames.length > 0 ? headerNames : [sentence('none')]));
  page.item(keyStored ? sentence('A key is stored.') : sentence('No key is stored.'));
}

function machine(page: Page, { machine, canStart }: Diagnosis, facts: ReportFacts): void {
  page.heading(sentence('Machine'));
  page.item(sentence('CodeWorm:'), facts.extensionVersion);
  page.item(sentence('VS Code:'), facts.vscodeVersion);
  page.item(sentence('System:'), facts.platform, facts.arch);
  page.item(sentence('Node.js:'), facts.nodeVersion);
  page.item(kindSentence(machine));
  page.item(sentence('Memory in GB:'), Number(gigabytes(machine.memoryBytes)));
  page.item(sentence('OLLAMA_HOST:'), addressIn(machine.ollamaHost) || sentence('not set'));
  if (canStart) page.item(sentence('Program:'), canStart.program);
}

/** As it is, for it tells more than an address; but a bare name in full, so that it is known for that of a host. */
function addressIn(text: string): string {
  return /^[a-z][\w-]*$/i.test(text) ? parseBaseUrl(text).href : withoutCredentials(text);
}

function kindSentence({ kind, mirrored }: Diagnosis['machine']): Sentence {
  switch (kind) {
    case 'plain':
      return sentence('Neither WSL nor a container.');
    case 'wsl1':
      return sentence('WSL 1: its network is that of Windows.');
    case 'wsl2':
      return mirrored
        ? sentence('WSL 2 with mirrored networking: its network is that of Windows.')
        : sentence('WSL 2 with a network of its own.');
    case 'container':
      return sentence('A container.');
  }
}
