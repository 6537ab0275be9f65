import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { repositoryNameIn } from '../../../src/text/repositoryName.ts';

test('the repository is called as its remote is', () => {
  const names = {
    'https://host.test/team/shop.git': 'shop',
    'https://user:secret@host.test:8443/team/shop.git/': 'shop',
    'https://host.test/shop?token=secret#x': 'shop',
    'git@host.test:team/shop.git': 'shop',
    'host.test:shop': 'shop',
    'ssh://git@host.test/shop': 'shop',
    'file:///srv/git/shop.git': 'shop',
    '/srv/git/shop': 'shop',
    'C:\\git\\shop.git': 'shop',
    '../shop': 'shop',
    'https://user:secret@host.test': '',
    'https://user:secret@host.test/': '',
    '': '',
  };
  for (const [url, name] of Object.entries(names)) assert.equal(repositoryNameIn(url), name, url);
});

test('user, password and host never get into the name', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{3,8}$/).map((text) => `Q${text}`);
  const url = fc.constantFrom(
    'https://U:P@H',
    'https://U:P@H/',
    'https://U@H/x/y.git',
    'U@H:x.git',
    'ssh://U:P@H:22/x',
    'https://U:P@H?P#U',
  );
  fc.assert(
    fc.property(url, word, word, word, (form, user, password, host) => {
      const filled = form.replaceAll('U', user).replaceAll('P', password).replaceAll('H', host);
      const name = repositoryNameIn(filled);
      for (const secret of [user, password, host]) assert.ok(!name.includes(secret), `${filled} -> ${name}`);
    }),
  );
});
