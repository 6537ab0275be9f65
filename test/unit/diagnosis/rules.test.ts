/** The pure rules of the diagnosis: machines, candidates, proxies, the meaning of errors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  candidatesFor,
  withoutCredentials,
  type CandidateReason,
} from '../../../src/diagnosis/candidates.ts';
import { defaultGateways, memoryBytes, nameservers, readMachine } from '../../../src/diagnosis/machine.ts';
import { toProbeOutcome } from '../../../src/diagnosis/outcome.ts';
import { proxyOnTheWay } from '../../../src/diagnosis/proxies.ts';
import { contextOf } from '../../../src/diagnosis/remedies.ts';
import { verdictOf } from '../../../src/diagnosis/verdict.ts';
import { OllamaConnectionError, OllamaError, type ErrorKind } from '../../../src/ollama/index.ts';
import { machineWith } from '../../support/machines.ts';

const route = (gateway: string, flags = '0003') => `Iface\tDestination\tGateway \tFlags\tRefCnt
eth0\t00000000\t${gateway}\t${flags}\t0
eth0\t000010AC\t00000000\t0001\t0
`;

const machines: [name: string, sources: Parameters<typeof machineWith>[0], kind: string, hosts: string[]][] =
  [
    ['macOS', { platform: 'darwin', files: { '/.dockerenv': '' } }, 'plain', []],
    ['Windows', { platform: 'win32' }, 'plain', []],
    ['Linux', { files: { '/proc/sys/kernel/osrelease': '6.8.0-49-generic\n' } }, 'plain', []],
    ['WSL 1', { files: { '/proc/sys/kernel/osrelease': '4.4.0-19041-Microsoft\n' } }, 'wsl1', []],
    [
      'WSL 2',
      {
        files: {
          '/proc/sys/kernel/osrelease': '5.15.167.4-microsoft-standard-WSL2\n',
          '/proc/net/route': route('0110A8C0'),
          '/etc/resolv.conf': '# made by WSL\nnameserver 172.24.0.1\nnameserver 8.8.8.8\n',
        },
      },
      'wsl2',
      ['192.168.16.1', '172.24.0.1'],
    ],
    [
      'WSL 2 with DNS tunneling',
      {
        env: { WSL_DISTRO_NAME: 'Ubuntu' },
        files: {
          '/proc/sys/kernel/osrelease': '6.6.1-own\n',
          '/proc/net/route': route('01801BAC'),
          '/etc/resolv.conf': 'nameserver 10.255.255.254\n',
        },
      },
      'wsl2',
      ['172.27.128.1'],
    ],
    [
      'WSL 2 with mirrored networking',
      {
        files: {
          '/proc/sys/kernel/osrelease': '5.15.167.4-microsoft-standard-WSL2\n',
          '/proc/net/dev': 'Inter-| Receive\n    lo: 1 2\nloopback0: 3 4\n',
          '/proc/net/route': route('0101A8C0'),
        },
      },
      'wsl2',
      [],
    ],
    [
      'a container in WSL',
      {
        files: {
          '/.dockerenv': '',
          '/proc/sys/kernel/osrelease': '5.15.167.4-microsoft-standard-WSL2\n',
          '/proc/net/route': route('010011AC'),
        },
      },
      'container',
      ['host.docker.internal', 'host.containers.internal', '172.17.0.1'],
    ],
    [
      'Podman',
      { files: { '/run/.containerenv': '' } },
      'container',
      ['host.docker.internal', 'host.containers.internal'],
    ],
    [
      'a Codespace',
      { env: { CODESPACES: 'true' } },
      'container',
      ['host.docker.internal', 'host.containers.internal'],
    ],
  ];
for (const [name, sources, kind, hosts] of machines)
  test(`the machine is ${name}`, async () => {
    const machine = await readMachine(machineWith(sources));
    assert.equal(machine.kind, kind);
    assert.deepEqual(
      machine.hosts.map(({ host }) => host),
      hosts,
    );
    assert.equal(machine.mirrored, name.includes('mirrored'));
  });

test('gateways: only active, only private, only valid ones', () => {
  assert.deepEqual(defaultGateways(route('0110A8C0', '0001')), []);
  assert.deepEqual(defaultGateways(route('08080808')), []);
  assert.deepEqual(defaultGateways('eth0 00000000 xyz 0003\n\n'), []);
  assert.deepEqual(defaultGateways(''), []);
  assert.deepEqual(nameservers('nameserver 127.0.0.53\nnameserver fe80::1\nsearch lan\n'), []);
});

test('the memory is limited by the control group, if that has a limit', () => {
  assert.deepEqual([memoryBytes(16, 4), memoryBytes(16, 0), memoryBytes(16, 2 ** 63)], [4, 16, 16]);
});

async function addresses(
  configured: string,
  sources: Parameters<typeof machineWith>[0] = {},
): Promise<[CandidateReason, string][]> {
  const machine = await readMachine(machineWith(sources));
  return candidatesFor(configured, machine).map((one) => [
    one.why,
    'address' in one ? one.address : one.text,
  ]);
}

test('candidates: the configured address, OLLAMA_HOST, this machine; none twice', async () => {
  assert.deepEqual(await addresses('http://localhost:11434', { env: { OLLAMA_HOST: '0.0.0.0' } }), [
    ['configured', 'http://localhost:11434'],
    ['ollamaHost', 'http://127.0.0.1:11434'],
    ['loopback', 'http://[::1]:11434'],
  ]);
});

test('candidates: the configured port on this machine too, and the address without its path', async () => {
  assert.deepEqual(await addresses('http://me:secret@127.0.0.1:8080/elsewhere/'), [
    ['configured', 'http://127.0.0.1:8080/elsewhere'],
    ['withoutPath', 'http://127.0.0.1:8080'],
    ['loopback', 'http://localhost:8080'],
    ['loopback', 'http://[::1]:8080'],
    ['loopback', 'http://127.0.0.1:11434'],
    ['loopback', 'http://localhost:11434'],
    ['loopback', 'http://[::1]:11434'],
  ]);
});

test("candidates: a foreign host's port is not tried on this machine; nearby hosts come last", async () => {
  const files = { '/.dockerenv': '' };
  assert.deepEqual(await addresses('https://ollama.test:8443', { files }), [
    ['configured', 'https://ollama.test:8443'],
    ['loopback', 'http://127.0.0.1:11434'],
    ['loopback', 'http://localhost:11434'],
    ['loopback', 'http://[::1]:11434'],
    ['containerHost', 'http://host.docker.internal:11434'],
    ['containerHost', 'http://host.containers.internal:11434'],
  ]);
});

test('candidates: an invalid address is kept, without its password', async () => {
  const [first, second] = await addresses('', { env: { OLLAMA_HOST: 'ftp://a:b@c@d' } });
  assert.deepEqual(
    [first, second],
    [
      ['configured', ''],
      ['ollamaHost', 'ftp://d'],
    ],
  );
  assert.equal(withoutCredentials('me:secret@host'), 'host');
});

test('proxies: by scheme, with exceptions, never for this machine', () => {
  const env = { HTTP_PROXY: 'http://a:b@proxy.test:3128', no_proxy: '.internal, gpu:11434' };
  const of = (origin: string, more = {}) => proxyOnTheWay(origin, { env, ...more });
  assert.equal(of('http://ollama.test:11434'), 'proxy.test:3128');
  assert.equal(of('https://ollama.test'), undefined);
  assert.equal(of('https://ollama.test', { vscodeProxy: 'proxy.test:8080' }), 'proxy.test:8080');
  for (const host of ['127.0.0.1', 'localhost', '[::1]', 'ollama.internal', 'gpu'])
    assert.equal(of(`http://${host}:11434`), undefined, host);
  assert.equal(of('http://ollama.test', { vscodeNoProxy: ['*.test'] }), undefined);
  assert.equal(of('http://ollama.test', { vscodeNoProxy: ['*'] }), undefined);
});

const codes: [kind: ErrorKind, code: string, outcome: object][] = [
  ['unreachable', 'ECONNREFUSED', { kind: 'refused' }],
  ['unreachable', 'EAI_AGAIN', { kind: 'unknownHost' }],
  ['unreachable', 'ENETUNREACH', { kind: 'noRoute', code: 'ENETUNREACH' }],
  ['unreachable', 'EADDRNOTAVAIL', { kind: 'noRoute', code: 'EADDRNOTAVAIL' }],
  ['unreachable', 'ECONNRESET', { kind: 'hungUp' }],
  ['certificate', 'ERR_TLS_CERT_ALTNAME_INVALID', { problem: 'name' }],
  ['certificate', 'CERT_HAS_EXPIRED', { problem: 'date' }],
  ['certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', { problem: 'authority' }],
  ['certificate', 'ERR_SSL_WRONG_VERSION_NUMBER', { kind: 'notTls' }],
];
for (const [kind, code, outcome] of codes)
  test(`what ${code} means`, () => {
    const cause = Object.assign(new Error(code), { code });
    const error = new OllamaConnectionError('x', { kind, cause });
    assert.partialDeepStrictEqual(toProbeOutcome(error, { proxy: undefined, key: false }), outcome);
  });

test('an unknown code is shown as it is', () => {
  const error = new OllamaConnectionError('x', { kind: 'unreachable' });
  assert.deepEqual(toProbeOutcome(error, { proxy: undefined, key: false }), { kind: 'otherError', error });
});

const refused: [name: string, sources: Parameters<typeof machineWith>[0], address: string, remedy: RegExp][] =
  [
    [
      'elsewhere',
      {},
      'http://gpu:11434',
      /on that machine with OLLAMA_HOST=0\.0\.0\.0.* http:\/\/gpu:11434 has/,
    ],
    ['in a container', { env: { CODESPACES: '1' } }, 'http://localhost:11434', /the container itself/],
    [
      'at its host',
      { env: { CODESPACES: '1' } },
      'http://host.docker.internal:11434',
      /firewall of the host/,
    ],
    ['in WSL', { env: { WSL_DISTRO_NAME: 'x' } }, 'http://127.0.0.1:11434', /WSL itself/],
    [
      'at Windows, seen from WSL',
      { env: { WSL_DISTRO_NAME: 'x' }, files: { '/proc/net/route': route('01801BAC') } },
      'http://172.27.128.1:11434',
      /Windows firewall/,
    ],
    [
      'in WSL 1',
      { files: { '/proc/sys/kernel/osrelease': '4.4.0-19041-Microsoft' } },
      'http://127.0.0.1:11434',
      /^Start Ollama on Windows/,
    ],
  ];
for (const [name, sources, address, remedy] of refused)
  test(`what helps when nothing listens ${name}`, async () => {
    const machine = await readMachine(machineWith(sources));
    const verdict = verdictOf({ kind: 'refused' }, address, contextOf(address, 'configured', machine));
    assert.match(new OllamaError(verdict.fix).message, remedy);
  });
