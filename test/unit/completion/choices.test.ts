/** Which model makes suggestions, which files are excluded, and the cost of two models. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { chooseInfillModel, type ChoiceFacts } from '../../../src/completion/infillModel.ts';
import { evictEachOther } from '../../../src/completion/modelPair.ts';
import type { NoSuggestionError, Reason } from '../../../src/completion/outcome.ts';
import { proposalFor } from '../../../src/completion/proposal.ts';
import { holdsPrivateKey, isSecretPath } from '../../../src/completion/secrets.ts';
import type { LoadedModel, ModelSummary } from '../../../src/ollama/index.ts';

const GB = 1e9;

function installed(name: string, more: Partial<ModelSummary> = {}): ModelSummary {
  const sizes = { sizeBytes: GB, modifiedAt: '', digest: name, family: 'llama', contextLength: 32_768 };
  const rest = { parameterSize: '1B', quantization: 'Q4', capabilities: ['completion'], remoteHost: '' };
  return { name, ...sizes, ...rest, ...more };
}

const chat = installed('chat:7b');
const coder = installed('qwen2.5-coder:1.5b', { family: 'qwen2', capabilities: ['completion', 'insert'] });
const facts = (more: Partial<ChoiceFacts>): ChoiceFacts => ({
  wanted: '',
  inUse: chat.name,
  installed: [chat, coder],
  memoryBytes: 16 * GB,
  modelInfo: () => Promise.resolve(undefined),
  ...more,
});
const nameOf = async (more: Partial<ChoiceFacts>): Promise<string> =>
  (await chooseInfillModel(facts(more))).name;

async function refusedFor(
  reason: Reason,
  detail: string | undefined,
  more: Partial<ChoiceFacts>,
): Promise<void> {
  await assert.rejects(chooseInfillModel(facts(more)), (error: NoSuggestionError) => {
    assert.equal(error.outcome.reason, reason);
    assert.equal(error.outcome.detail, detail);
    return true;
  });
}

describe('the model for suggestions', () => {
  test('is the one of the setting, else the one for questions, else the smallest that can fill in', async () => {
    const big = installed('codestral:22b', { sizeBytes: 3 * GB });
    assert.equal(await nameOf({ wanted: 'codestral:22b', installed: [chat, coder, big] }), big.name);
    assert.equal(await nameOf({ inUse: big.name, installed: [chat, coder, big] }), big.name);
    assert.equal(await nameOf({ installed: [chat, big, coder] }), coder.name);
  });

  test('is asked for its tokens if its name is unknown', async () => {
    const tokens = ['<a>', '<b>', '<c>'];
    const ids = { fim_pre_token_id: 0, fim_suf_token_id: 1, fim_mid_token_id: 2 };
    const info = Object.fromEntries(Object.entries(ids).map(([key, id]) => [`tokenizer.ggml.${key}`, id]));
    const modelInfo = () => Promise.resolve({ ...info, 'tokenizer.ggml.tokens': tokens });
    const { name, format } = await chooseInfillModel(facts({ modelInfo }));
    assert.equal(name, chat.name);
    assert.deepEqual(format.tokens, tokens);
  });

  test('an automatic choice never runs on another machine, nor takes most of the memory', async () => {
    const remote = { ...coder, name: 'qwen3-coder:480b-cloud', remoteHost: 'https://ollama.com' };
    await refusedFor('noInfill', chat.name, { installed: [chat, remote] });
    await refusedFor('noInfill', chat.name, { installed: [chat, { ...coder, sizeBytes: 5 * GB }] });
    await refusedFor('noModel', undefined, { inUse: remote.name, installed: [] });
    assert.equal(await nameOf({ wanted: remote.name, installed: [chat, remote] }), remote.name);
  });

  test('that is missing, cannot fill in or evaluates everything again is named in the reason', async () => {
    await refusedFor('notInstalled', 'other:1b', { wanted: 'other:1b' });
    await refusedFor('noInfill', chat.name, { wanted: chat.name });
    const gemma = installed('gemma3:4b', { family: 'gemma3' });
    await refusedFor('rereads', gemma.name, { wanted: gemma.name, installed: [gemma, coder] });
    await refusedFor('noModel', undefined, { inUse: undefined, installed: [] });
  });

  test('that is offered is smaller on a small machine', () => {
    const sizes = [4, 16, 64].map((memory) => proposalFor(memory * GB).downloadBytes);
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(sizes).size, 3);
    assert.equal(proposalFor(undefined).name, 'qwen2.5-coder:1.5b-base');
  });
});

describe('two models that unload each other', () => {
  const pair = { suggestions: coder.name, questions: chat.name };
  const loaded = (model: string, sizeBytes: number): LoadedModel => ({
    name: model,
    sizeBytes,
    gpuShare: 0,
    contextLength: 16_384,
    expiresAt: '',
  });

  test('are recognized by their measured memory, else by the size of their files', () => {
    const both = [{ ...chat, sizeBytes: 5 * GB }, coder];
    const know = (memoryBytes: number | undefined, running: LoadedModel[] = []) =>
      evictEachOther(pair, { installed: both, loaded: running, memoryBytes });
    assert.equal(know(16 * GB), false);
    assert.equal(know(8 * GB), true);
    assert.equal(know(16 * GB, [loaded(chat.name, 12 * GB)]), true);
    assert.equal(
      know(16 * GB, [loaded(chat.name, 12 * GB), loaded(coder.name, 9 * GB)]),
      false,
      'both are loaded',
    );
    const seen = [loaded(chat.name, 11 * GB)];
    const others = { installed: both, loaded: [loaded(coder.name, 2 * GB)], memoryBytes: 16 * GB };
    assert.deepEqual(
      [evictEachOther(pair, others), evictEachOther(pair, { ...others, seen })],
      [false, true],
    );
    assert.equal(know(undefined), false, 'of another machine nothing is known');
    const one = { suggestions: chat.name, questions: chat.name };
    assert.equal(evictEachOther(one, { installed: both, loaded: [], memoryBytes: GB }), false);
  });
});

describe('files of which nothing is sent', () => {
  const secrets = [
    '/w/.env',
    '/w/.env.local',
    '/w/prod.env',
    '/w/.ENV',
    '/w/id_rsa',
    '/w/id_ed25519.pub',
    '/w/server.pem',
    '/w/tls/server.KEY',
    '/w/cert.crt',
    '/w/a.p12',
    '/w/store.jks',
    '/home/u/.ssh/config',
    '/home/u/.aws/credentials',
    '/w/.netrc',
    '/w/.npmrc',
    '/w/secrets.yaml',
    '/w/app.secrets.json',
    '/w/credentials.json',
    '/w/prod.tfvars',
    '/w/terraform.tfstate',
    '/w/.git-credentials',
    '/w/service-account-prod.json',
    '/w/.htpasswd',
    '/w/wp-config.php',
    '/w/local.settings.json',
    '/home/u/.kube/config',
    '/w/vault.kdbx',
    '/w/.envrc',
    'C:/w/.env',
  ];
  const others = [
    '/w/environment.ts',
    '/w/src/keys.ts',
    '/w/src/secretSanta.ts',
    '/w/src/tokens.rs',
    '/w/keyboard.py',
    '/w/env.d.ts',
    '/w/src/credentialsForm.tsx',
    '/w/package.json',
    '/w/README.md',
    '/w/monkey.go',
    '/w/ssh/client.c',
    '/w/author.json',
  ];
  test('are known by their names', () => {
    for (const path of secrets) assert.ok(isSecretPath(path), path);
    for (const path of others) assert.ok(!isSecretPath(path), path);
  });

  test('whatever the case of a name and the folder that it is in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets),
        fc.array(fc.stringMatching(/^[\w. -]{1,8}$/)),
        (path, folders) => {
          assert.ok(isSecretPath(`/${folders.join('/')}${path.toUpperCase()}`));
        },
      ),
    );
  });

  test('are known by a private key in them', () => {
    for (const kind of ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED '])
      assert.ok(holdsPrivateKey(`x\n-----BEGIN ${kind}PRIVATE KEY-----\nMII`), kind);
    assert.ok(holdsPrivateKey('-----BEGIN PGP PRIVATE KEY BLOCK-----'));
    assert.ok(!holdsPrivateKey('-----BEGIN PUBLIC KEY-----\nconst privateKey = 1;'));
  });
});
