import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { isSecretPath, partsInside } from '../../../../src/chat/tools/filePolicy.ts';

describe('a path from a model', () => {
  test('is accepted in every spelling, inside the workspace', () => {
    for (const path of ['src/a.ts', './src/a.ts', 'src\\a.ts', 'src//a.ts', ' src/./a.ts '])
      assert.deepEqual(partsInside(path), ['src', 'a.ts'], path);
    assert.deepEqual(partsInside('a b [1].ts'), ['a b [1].ts']);
  });

  test('never leads out of the folder', () => {
    const others = [
      '',
      ' ',
      '.',
      '..',
      '../a',
      'src/../../a',
      '/etc/passwd',
      '\\\\host\\share',
      'C:\\a',
      'c:/a',
    ];
    for (const path of [
      ...others,
      '~/.ssh/id_rsa',
      'file:///etc/passwd',
      'a\n/b',
      './/etc',
      'src\\..\\..\\a',
    ])
      assert.equal(partsInside(path), undefined, JSON.stringify(path));
  });

  test('never has a part that leads to a parent folder, for any name', () => {
    const path = fc.array(fc.constantFrom('..', '.', '/', '\\', 'a', ' ', ':', '~', '%2e'), { maxLength: 8 });
    fc.assert(
      fc.property(path, (pieces) => {
        const parts = partsInside(pieces.join('')) ?? [];
        assert.ok(parts.every((part) => part !== '..' && !/[/\\]/.test(part)));
      }),
    );
  });
});

test('files with keys and passwords are secret by their names', () => {
  const secret = '.env .env.local config/.npmrc id_rsa id_ed25519.pub certs/server.pem a.key .ssh/config';
  for (const path of `${secret} .git/config aws_credentials.json secrets.yml my-secret.txt .aws/credentials private_key.txt`.split(
    ' ',
  ))
    assert.ok(isSecretPath(path.split('/')), path);
  for (const path of [
    'src/env.ts',
    'keys.ts',
    'src/keyboard.ts',
    'secretary.ts',
    'docs/git/a.md',
    '.gitignore',
  ])
    assert.ok(!isSecretPath(path.split('/')), path);
});
