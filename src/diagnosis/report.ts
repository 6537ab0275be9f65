import {
  parseBaseUrl,
  localizable,
  type LoadedModel,
  type OllamaSettings,
  type LocalizableMessage,
} from '../ollama/index.ts';
import { reasonMessage, withoutCredentials } from './candidates.ts';
import { conclusionOf } from './conclusion.ts';
import type { Diagnosis, Finding } from './diagnose.ts';
import { inert, inertSentence, type Translate } from './inert.ts';
import { explainProblem } from './explainProblem.ts';
import { redactor, type Identity } from './redact.ts';
import { modelOf, type ServerSeen } from './server.ts';
import { gigabytes } from './sizes.ts';
import type { Explanation } from './explanation.ts';

/** Facts for the report besides the findings. */
export interface ReportFacts {
  extensionVersion: string;
  vscodeVersion: string;
  /** For example `linux` and `x64`. */
  platform: string;
  arch: string;
  nodeVersion: string;
  settings: Pick<OllamaSettings, 'model' | 'numCtx' | 'keepAlive' | 'connectTimeoutMs' | 'idleTimeoutMs'>;
  /** Names only. The report contains no value of a header. */
  headerNames: readonly string[];
  keyStored: boolean;
}

/** Most models listed; further ones are counted. */
const mostModels = 50;

/**
 * The diagnosis as a Markdown document for a public issue: without keys, code, or names of users and
 * machines, and without active content.
 */
export function reportOf(
  diagnosis: Diagnosis,
  facts: ReportFacts,
  identity: Identity,
  translate: Translate,
): string {
  const redact = redactor(identity);
  const page = new ReportPage(translate, inert(redact));
  page.begin(conclusionOf(diagnosis));
  addresses(page, diagnosis.findings);
  remedies(page, diagnosis.findings);
  const server = serverOf(diagnosis);
  if (server) describe(page, server, facts);
  settings(page, facts);
  machine(page, diagnosis, facts);
  return redact(page.text);
}

/** Lines of a Markdown document. All values in them are inactive. */
class ReportPage {
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

  begin({ summary: finding, fix: remedy }: Explanation): void {
    this.lines.push(`# ${this.say(localizable('CodeWorm: the connection to the server'))}`, '');
    this.lines.push(`**${this.say(finding)}**`, '', this.say(remedy));
  }

  heading(title: LocalizableMessage): void {
    this.lines.push('', `## ${this.say(title)}`, '');
  }

  /** A message is localized; any other value is shown as it is. */
  table(head: LocalizableMessage[], rows: (LocalizableMessage | string | number)[][]): void {
    const row = (cells: string[]): void => void this.lines.push(`| ${cells.join(' | ')} |`);
    row(head.map((title) => this.say(title)));
    row(head.map(() => '---'));
    for (const cells of rows) row(cells.map((cell) => this.cell(cell)));
  }

  item(...parts: (LocalizableMessage | string | number)[]): void {
    this.lines.push(`- ${parts.map((part) => this.cell(part)).join(' ')}`);
  }

  private cell(value: LocalizableMessage | string | number): string {
    return typeof value === 'object' ? this.say(value) : this.show(value);
  }

  private say(text: LocalizableMessage): string {
    return inertSentence(text, this.translate, this.show);
  }
}

function addresses(page: ReportPage, findings: readonly Finding[]): void {
  page.heading(localizable('Addresses'));
  page.table(
    [localizable('Address'), localizable('Why it was tried'), localizable('What was found')],
    findings.map(({ address, why, verdict }) => [address, reasonMessage(why), verdict.summary]),
  );
}

/**
 * If the configured address works, the other addresses need no remedy. A remedy for several addresses is
 * listed once.
 */
function remedies(page: ReportPage, [configured, ...others]: Diagnosis['findings']): void {
  page.heading(localizable('What can be done'));
  const works = configured.verdict.kind === 'working';
  const told = works ? [] : others.filter(({ verdict }) => verdict.kind !== 'notApproved');
  const all = [configured, ...told].flatMap((finding) =>
    remediesOf(finding).map((parts) => ({ address: finding.address, parts })),
  );
  const groups = Map.groupBy(all, ({ parts }) => JSON.stringify(parts));
  for (const group of groups.values())
    page.item(...group.map(({ address }) => address), ...(group[0]?.parts ?? []));
}

function remediesOf({ verdict }: Finding): LocalizableMessage[][] {
  if (verdict.kind !== 'working' || verdict.server.problems.length === 0) return [[verdict.fix]];
  const { problems, origin } = verdict.server;
  return problems.map((problem) => {
    const { summary: finding, fix: remedy } = explainProblem(problem, origin);
    return [finding, remedy];
  });
}

/** The configured server if it works, else the recommended one. */
function serverOf({ findings, recommended }: Diagnosis): ServerSeen | undefined {
  const working = findings.filter(({ verdict }) => verdict.kind === 'working');
  const finding = working.find(({ why, address }) => why === 'configured' || address === recommended);
  return finding?.verdict.kind === 'working' ? finding.verdict.server : undefined;
}

function describe(page: ReportPage, server: ServerSeen, { settings: { model } }: ReportFacts): void {
  page.heading(localizable('Server'));
  page.item(localizable('Address:'), server.origin);
  page.item(localizable('Version:'), server.version);
  page.item(localizable('Model in use:'), modelOf(server, model) ?? localizable('none'));
  page.item(localizable('Installed models:'), server.installed.length);
  if (server.loaded === undefined) page.item(localizable('What is loaded is not known.'));
  else if (server.loaded.length === 0) page.item(localizable('No model is loaded.'));
  for (const loaded of server.loaded ?? [])
    page.item(localizable('Loaded:'), loaded.name, loadedSentence(loaded));
  if (server.installed.length === 0) return;
  page.heading(localizable('Models'));
  page.table(
    [localizable('Name'), localizable('Size'), localizable('Parameters'), localizable('Quantization')],
    server.installed
      .slice(0, mostModels)
      .map((installed) => [
        installed.name,
        localizable('{0} GB', Number(gigabytes(installed.sizeBytes))),
        installed.parameterSize,
        installed.quantization,
      ]),
  );
}

function loadedSentence({ sizeBytes, gpuShare = 0, contextLength }: LoadedModel): LocalizableMessage {
  return localizable(
    '({0} GB, {1} % of it on the GPU, context window {2} tokens)',
    Number(gigabytes(sizeBytes)),
    Math.round(gpuShare * 100),
    contextLength,
  );
}

function settings(page: ReportPage, { settings, headerNames, keyStored }: ReportFacts): void {
  page.heading(localizable('Settings'));
  page.item(localizable('Model:'), settings.model || localizable('none is named'));
  page.item(localizable('Context window in tokens:'), settings.numCtx);
  page.item(localizable('Keep alive:'), settings.keepAlive ?? localizable('as the server has it'));
  page.item(localizable('Connect timeout in seconds:'), settings.connectTimeoutMs / 1000);
  page.item(localizable('Idle timeout in seconds:'), settings.idleTimeoutMs / 1000);
  page.item(localizable('Headers:'), ...(headerNames.length > 0 ? headerNames : [localizable('none')]));
  page.item(keyStored ? localizable('A key is stored.') : localizable('No key is stored.'));
}

function machine(page: ReportPage, { machine, canStart }: Diagnosis, facts: ReportFacts): void {
  page.heading(localizable('Machine'));
  page.item(localizable('CodeWorm:'), facts.extensionVersion);
  page.item(localizable('VS Code:'), facts.vscodeVersion);
  page.item(localizable('System:'), facts.platform, facts.arch);
  page.item(localizable('Node.js:'), facts.nodeVersion);
  page.item(kindSentence(machine));
  page.item(localizable('Memory in GB:'), Number(gigabytes(machine.memoryBytes)));
  page.item(localizable('OLLAMA_HOST:'), addressIn(machine.ollamaHost) || localizable('not set'));
  if (canStart) page.item(localizable('Program:'), canStart.program);
}

/**
 * The text as it is, because it says more than an address. A bare name is completed, so that it is recognized
 * as a host.
 */
function addressIn(text: string): string {
  return /^[a-z][\w-]*$/i.test(text) ? parseBaseUrl(text).href : withoutCredentials(text);
}

function kindSentence({ kind, mirrored }: Diagnosis['machine']): LocalizableMessage {
  switch (kind) {
    case 'plain':
      return localizable('Neither WSL nor a container.');
    case 'wsl1':
      return localizable('WSL 1: its network is that of Windows.');
    case 'wsl2':
      return mirrored
        ? localizable('WSL 2 with mirrored networking: its network is that of Windows.')
        : localizable('WSL 2 with a network of its own.');
    case 'container':
      return localizable('A container.');
  }
}
