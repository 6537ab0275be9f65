/** Folders with links, damaged state, secrets and odd histories. */
import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { NodePageFiles } from '../../../../src/documentation/nodePageFiles.ts';
import { NodeFiles } from '../../../../src/documentation/workspace/nodeFiles.ts';
import { PageStore } from '../../../../src/documentation/workspace/pageStore.ts';
import { planPages } from '../../../../src/documentation/workspace/plan.ts';
import { skipByContent } from '../../../../src/documentation/workspace/skipRules.ts';
import { parseCommits } from '../../../../src/editor/gitHistory.ts';
import { run, world } from './runWorld.ts';

const code = (name: string): string =>
  `export function ${name}(a) {\r\n  if (a > 1) return 1;\r\n  if (a > 2) return 2;\r\n  return 3;\r\n}\r\n`;

describe('a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codeworm-hostile-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };

  it('with links, loops, binary, huge and oddly named files is planned without them', async () => {
    const odd = ['a [b] {c} (d).js', 'é ü.js', "it's $x `y`.js", '#hash%20.js', '-dash.js', '.hidden/x.js'];
    for (const [number, path] of odd.entries()) write(path, code(`odd${number}`));
    write('binary.js', new Uint8Array([0x61, 0, 0x62]));
    write('huge.js', code('huge').repeat(10_000));
    write('long.js', `f(${'1,'.repeat(30_000)})`);
    write('empty.js', ' \n');
    write('secrets/deploy.js', code('deploy'));
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync(join(folder, odd[0]!), join(folder, 'link.js'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.js'));
    const plan = await planPages(new NodeFiles(folder), { kinds: ['function'] });
    assert.deepEqual(new Set(plan.items.map(({ path }) => path)), new Set(odd));
    assert.deepEqual(plan.skipped, { binary: 1, large: 1, minified: 1, empty: 1 });
  });

  it('is never written through a link', async () => {
    const target = join(folder, 'mine.txt');
    writeFileSync(target, 'My words.');
    mkdirSync(join(folder, 'docs'));
    symlinkSync(target, join(folder, 'docs', 'page.md'));
    const files = new NodePageFiles(folder);
    await files.write('docs/page.md', new TextEncoder().encode('other'));
    assert.equal(readFileSync(target, 'utf8'), 'My words.');
    assert.ok(!lstatSync(join(folder, 'docs', 'page.md')).isSymbolicLink());
  });

  it('has its pages beside the sources if its pages folder is the whole folder, and every page is found again', async () => {
    const paths = ['top.js', 'src/a.js', '.storybook/main.js', 'src/...js'];
    for (const [number, path] of paths.entries()) write(path, code(`one${number}`));
    for (const pagesFolder of ['', 'docs']) {
      const about = (number: number) => ({
        ...{ path: paths[number]!, symbol: `one${number}`, kind: 'function', languageId: 'javascript' },
        ...{ lines: { start: 0, end: 4 }, source: 'abc', model: 'tiny', prompt: 1 },
      });
      const store = await PageStore.open(new NodePageFiles(folder), pagesFolder);
      for (const number of paths.keys()) await store.write(about(number), 'Text.\n');
      const again = await PageStore.open(new NodePageFiles(folder), pagesFolder);
      assert.equal([...again.pages].length, paths.length);
      for (const number of paths.keys()) assert.equal(again.stateOf(about(number), 'abc'), 'current');
    }
    assert.ok(lstatSync(join(folder, 'src/a.js.function-one1.md')).isFile());
  });

  it('whose pages are moved while they are written again has no page twice', async () => {
    const facts = { path: 'src/a.js', kind: 'file', lines: { start: 0, end: 1 }, languageId: 'javascript' };
    const made = { ...facts, source: 'abc', model: 'tiny', prompt: 1 };
    await (await PageStore.open(new NodePageFiles(folder), 'docs')).write(made, 'Text.\n');
    const store = await PageStore.open(new NodePageFiles(folder), 'docs');
    mkdirSync(join(folder, 'handbook'));
    renameSync(join(folder, 'docs/src/a.js/file.md'), join(folder, 'handbook/a.md'));
    const written = await store.write({ ...made, source: 'new' }, 'New text.\n');
    assert.deepEqual(written, { kind: 'written', path: 'handbook/a.md' });
    assert.match(readFileSync(join(folder, 'handbook/a.md'), 'utf8'), /New text/);
    assert.deepEqual(readdirSync(join(folder, 'docs/src/a.js')), []);
  });

  it('whose pages folder is a file, or has a file in the place of a folder, is refused with that file', async () => {
    write('docs', 'My words.');
    const store = await PageStore.open(new NodePageFiles(folder), 'docs/codeworm');
    await assert.rejects(store.lock(), /^NotAFolderError: docs is a file/);
    write('pages/src/a.js', 'My words.');
    const other = await PageStore.open(new NodePageFiles(folder), 'pages');
    const facts = { path: 'src/a.js', kind: 'file', lines: { start: 0, end: 1 }, languageId: 'javascript' };
    await assert.rejects(other.write({ ...facts, source: 'abc', model: 'tiny', prompt: 1 }, 'Text.\n'), {
      code: 'ENOTDIR',
    });
    assert.equal(readFileSync(join(folder, 'pages/src/a.js'), 'utf8'), 'My words.');
  });

  it('with another project inside has only its own pages, wherever a user has moved them', async () => {
    const inner = await PageStore.open(new NodePageFiles(join(folder, 'packages/one')), 'docs/codeworm');
    const outer = await PageStore.open(new NodePageFiles(folder), 'docs/codeworm');
    const facts = {
      kind: 'file',
      lines: { start: 0, end: 1 },
      languageId: 'javascript',
      model: 'm',
      prompt: 1,
    };
    for (const path of ['src/a.js', 'src/b.js']) {
      write(`packages/one/${path}`, code('a'));
      write(path, code('b'));
      await inner.write({ ...facts, path, source: 'inner' }, '# Inner\n');
      await outer.write({ ...facts, path, source: 'outer' }, '# Outer\n');
    }
    const week = { ...facts, kind: 'week', path: '', symbol: '2026-W05', source: 'inner' };
    await inner.write(week, '# Week\n');
    mkdirSync(join(folder, 'notes'));
    renameSync(join(folder, 'docs/codeworm/src/a.js/file.md'), join(folder, 'notes/moved.md'));
    write('vendor/docs/b.md', readFileSync(join(folder, 'docs/codeworm/src/b.js/file.md')));
    const pages = [...(await PageStore.open(new NodePageFiles(folder), 'docs/codeworm')).pages];
    assert.deepEqual(
      new Set(pages.map(({ path, mark }) => `${path} ${mark.source}`)),
      new Set(['notes/moved.md outer', 'docs/codeworm/src/b.js/file.md outer']),
    );
  });

  it('with damaged state is a folder without state', async () => {
    for (const text of ['', '{', '[]', '{"items":5}', '{"items":[{}],"version":9}', '\u0000']) {
      write('docs/.codeworm/run.json', text);
      write('docs/.codeworm/failed/x.json', text);
      const store = await PageStore.open(new NodePageFiles(folder), 'docs/codeworm');
      assert.equal(await store.state.unfinishedRun(), undefined, text);
      assert.equal(store.state.failures.size, 0);
    }
    write('docs/.codeworm/run.json', '{"items":[],"isNew":true}');
    const store = await PageStore.open(new NodePageFiles(folder), 'docs/codeworm');
    assert.deepEqual((await store.state.unfinishedRun())?.items, []);
  });
});

describe('a failed page', () => {
  it('is forgotten when its source is gone', async () => {
    const here = world(1);
    const store = await PageStore.open(here.files, 'docs/codeworm');
    await store.state.noteFailure(here.items[0]!, 'It failed.');
    here.sources.clear();
    const model = {
      budget: () => Promise.reject(new Error('not needed')),
      write: () => Promise.reject(new Error('not needed')),
      isReachable: async () => true,
      continues: async () => false,
    };
    assert.equal((await (await run(here, model)).ended).counts.gone, 1);
    assert.ok(![...here.files.content.keys()].some((path) => path.includes('/failed/')));
  });
});

describe('a file', () => {
  it('with an access token is secret, whatever its name', () => {
    const digits = (count: number): string => '0123456789abcdefABCDEF'.repeat(9).slice(0, count);
    const tokens = [
      ['AKIA', 'ABCDEFGH12345678'].join(''),
      `ghp_${digits(36)}`,
      `github_pat_${digits(30)}`,
      `glpat-${digits(20)}`,
      `sk-proj-${digits(40)}`,
      `sk-ant-${digits(40)}`,
      `AIza${digits(35)}`,
      `npm_${digits(36)}`,
      `hf_${digits(34)}`,
      `xoxb-${digits(24)}`,
      ['-----BEGIN', 'OPENSSH PRIVATE KEY-----'].join(' '),
    ];
    for (const token of tokens)
      assert.equal(skipByContent(new Uint8Array(), `const key = "${token}";\n`), 'secret', token.slice(0, 8));
    assert.equal(skipByContent(new Uint8Array(), 'const risk = "ask-for-more";\n'), undefined);
  });
});

/** Beginnings of files by generators, as these write them. */
const notices = [
  '// Code generated by protoc-gen-go. DO NOT EDIT.',
  '// Copyright 2020\n\n//go:build linux\n\n// Code generated by MockGen. DO NOT EDIT.',
  '//-----\n// <auto-generated>\n//     This code was generated by a tool.\n// </auto-generated>',
  '/**\n * Autogenerated by Thrift Compiler (0.9)\n */',
  '/**\n * @generated SignedSource<<abc>>\n */',
  '# Generated by Django 4.2.1 on 2023-05-01 12:00',
  '// Generated from Expr.g4 by ANTLR 4.13.1',
  '/**\n * NOTE: This class is auto generated by OpenAPI Generator.\n */',
  '/* eslint-disable */\n/**\n * This file was automatically generated by json-schema-to-typescript.\n */',
  '# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!',
  '/* A lexical scanner generated by flex */',
  '/* automatically generated by rust-bindgen 0.69.1 */',
  "/****\n** Form generated from reading UI file 'a.ui'\n****/",
  '// THIS IS A GENERATED FILE. DO NOT EDIT.',
  '/* Do not edit. */',
  '// This is an autogenerated file',
];
/** Sentences of people about such things. */
const byHand = [
  '// This module handles code generated by users.',
  '# Do not edit the config while running.',
  '/**\n * Generated by the user, tokens are checked here.\n */',
  '// Handles reports generated from templates.',
  '"""Tools for automatically generated IDs."""',
  '// Users do not edit rows directly in this table.',
  '/** Do not modify the array while iterating. */',
  '// The code that is generated by this module is compiled afterwards.',
  '# Generated files are cleaned here.',
];

describe('a generated file', () => {
  const reasonOf = (head: string) => skipByContent(new Uint8Array(), `${head}\nconst a = 1;\n`);

  it('is recognized by the words of its generator', () => {
    assert.deepEqual(
      notices.filter((head) => reasonOf(head) !== 'generated'),
      [],
    );
  });

  it('is not each one that speaks of generated code, or of something that must not be edited', () => {
    assert.deepEqual(
      byHand.filter((head) => reasonOf(head) !== undefined),
      [],
    );
  });
});

describe('a history', () => {
  it('with a time that no date has is read', () => {
    const hash = 'a'.repeat(40);
    const days = ['99999999999999999', '-5', 'x', '0'].map(
      (seconds) => parseCommits(`${hash}\0${seconds}\0Subject\0`)[0]?.date,
    );
    assert.deepEqual(days, ['9999-12-31', '1970-01-01', '1970-01-01', '1970-01-01']);
  });
});
