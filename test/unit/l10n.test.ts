/** Every text is translated into every language, and no translation loses a placeholder. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { redact } from '../../src/diagnosis/index.ts';
import { readStrings, readText, root } from '../support/docs.ts';
import { placeholdersIn, textsIn, textsInSources } from '../support/strings.ts';

const languages = ['de', 'es', 'fr', 'ja', 'zh-cn'];
const texts = textsInSources();
const manifest = readStrings();

type Bundle = Record<string, string>;
const bundleOf = (language: string): Bundle =>
  JSON.parse(readText(`media/l10n/bundle.l10n.${language}.json`)) as Bundle;
const manifestOf = (language: string): Bundle =>
  JSON.parse(readText(`package.nls.${language}.json`)) as Bundle;

/** Names, code and addresses that a translation must not change. */
const fixedIn = (text: string): string[] =>
  [...text.matchAll(/`[^`]*`|\bcodeworm\.\w+|\bOLLAMA_\w+|\]\([^)]*\)|\$\([^)]*\)/g)]
    .map(([part]) => part)
    .toSorted();

/** Whether a text may be the same in another language: names, units, symbols. */
const mayStay = (text: string): boolean =>
  !/\p{L}{4,}/u.test(
    text.replaceAll(
      /\{\d\}|OLLAMA_HOST|CodeWorm|Ollama|Prompts?|Token\w*|System|Server|Version|Model|Port|Demo|Name|Status|Code|Quelle|Contexte?|Node\.js|offline|error/gi,
      '',
    ),
  );

/** Words to a friend. All translations address the user formally. */
const informal: Record<string, RegExp> = {
  de: /(?:^|[:.,] )(?:öffne|hake|wähle|prüfe|lade|starte|gib)(?!\p{L})|(?<!\p{L})(?:du|dir|dich|dein(?:e[mnrs]?)?)(?!\p{L})/iu,
  es: /(?:^|[:.,] )(?:abre|marca|elige|usa|prueba)(?!\p{L})|(?<!\p{L})(?:tú|ti|tus?|puedes)(?!\p{L})/iu,
  fr: /(?:^|[:.,] )(?:ouvre|choisis|essaie|vérifie)(?!\p{L})|(?<!\p{L})(?:tu|toi|ton|tes)(?!\p{L})/iu,
  ja: /あなた/u,
  'zh-cn': /你/u,
};

test('the texts are found in the sources', () => {
  const source = `
    // l10n.t('in a comment')
    vscode.l10n.t('It\\'s "{0}"', name);
    localizable(
      "The server's log says {0}",
      text,
    );
    omission('Line {0}', 1);
    vscode.l10n.t(template, ...args);`;
  assert.deepEqual(textsIn(source), [`It's "{0}"`, "The server's log says {0}", 'Line {0}']);
  assert.ok(texts.length > 400, `${texts.length} texts`);
});

test('no text has a literal part that translators cannot see', () => {
  for (const text of texts) assert.doesNotMatch(text, /\$\{|^\s|\s$/, text);
});

for (const language of languages) {
  describe(`in ${language}`, () => {
    const bundle = bundleOf(language);
    const strings = manifestOf(language);

    test('the user is addressed formally', () => {
      const all = [...Object.values(bundle), ...Object.values(strings)];
      assert.deepEqual(
        all.filter((text) => informal[language]!.test(text)),
        [],
      );
    });

    test('every text has a translation, and there is none for a text that is gone', () => {
      assert.deepEqual(
        texts.filter((text) => !(text in bundle)),
        [],
        'missing',
      );
      assert.deepEqual(
        Object.keys(bundle).filter((text) => !texts.includes(text)),
        [],
        'gone',
      );
      assert.deepEqual(Object.keys(strings).toSorted(), Object.keys(manifest).toSorted());
    });

    test('placeholders, code and links stay', () => {
      const pairs = [
        ...Object.entries(bundle),
        ...Object.entries(manifest).map(([key, text]) => [text, strings[key] ?? ''] as const),
      ];
      for (const [text, translation] of pairs) {
        assert.deepEqual(placeholdersIn(translation), placeholdersIn(text), text);
        for (const fixed of fixedIn(text))
          assert.ok(translation.includes(fixed), `${fixed} in: ${translation}`);
        assert.equal(translation.endsWith('…'), text.endsWith('…'), text);
        assert.notEqual(translation.trim(), '', text);
      }
    });

    test('nothing was left in English', () => {
      const pairs = [
        ...Object.entries(bundle),
        ...Object.entries(manifest).map(([key, text]) => [text, strings[key]] as const),
      ];
      const same = pairs.filter(([text, translation]) => text === translation && !mayStay(text));
      assert.deepEqual(
        same.map(([text]) => text),
        [],
      );
    });

    test('no text of ours is redacted as a secret in a report', () => {
      const nobody = { home: '/home/nobody-here', user: 'nobody-here', host: 'no-such-host' };
      for (const text of textsInSources('src/{diagnosis,ollama,http}/**/*.ts'))
        for (const said of [text, bundle[text] ?? '']) assert.equal(redact(said, nobody), said);
    });
  });
}

test('the package contains the translations', () => {
  assert.match(readText('.vscodeignore'), /^!media\/l10n\/\*\.json$/m);
  assert.match(readText('.vscodeignore'), /^!package\.nls\*\.json$/m);
  const { l10n } = JSON.parse(readText('package.json')) as { l10n: string };
  for (const language of languages) assert.ok(existsSync(join(root, l10n, `bundle.l10n.${language}.json`)));
});
