// The window in another language: commands, answers and errors. One language with a region in its identifier and
// one without; the texts of all are checked in test/unit/l10n.test.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { openSampleWindow } from '../support/sampleWindow.ts';
import { root } from '../support/vscode/npm.ts';

const languages = { de: 'German', 'zh-cn': 'Simplified Chinese' };

type Texts = Record<string, string>;
const read = (file: string): Texts => JSON.parse(readFileSync(join(root, file), 'utf8')) as Texts;
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

describe('the window in other languages', () => {
  let double: OllamaDouble;

  before(async () => {
    double = await startDouble({ models: [{ name: 'tiny:latest', sizeBytes: 1e9 }] });
  });

  after(() => double.close());

  for (const [language, name] of Object.entries(languages)) {
    it(`is in ${name}, and so are the answers`, async () => {
      const strings = read(`package.nls.${language}.json`);
      const bundle = read(`media/l10n/bundle.l10n.${language}.json`);
      const { window, close } = await openSampleWindow({ 'codeworm.baseUrl': double.url }, { language });
      try {
        await window.command(`CodeWorm: ${strings['command.explain']}`);
        const wasLoaded = bundle['the model was loaded'];
        assert.ok(wasLoaded);
        const answer = await window.outputShows(new RegExp(escaped(wasLoaded)));
        assert.ok(answer.includes(`## ${bundle['Explain']} ·`), answer);
        const { prompt = '' } = double.requests.findLast(({ body }) => Boolean(body.prompt))?.body ?? {};
        assert.match(prompt, new RegExp(`\\n\\nWrite in ${name}\\.[^\\n]*$`));
        await window.extensionStatus().hover();
        const loaded = window.page
          .locator('.monaco-hover')
          .filter({ hasText: bundle['Ready; the model is loaded.'] ?? '?' });
        await loaded.waitFor();
        await window.screenshot(`language-${language}`);
      } finally {
        await close();
      }
    });
  }
});
