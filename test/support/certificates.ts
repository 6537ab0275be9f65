// A private certificate authority for one test run, made with the openssl program.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeFolder, temporaryFolder } from './vscode/cleanup.ts';

const run = promisify(execFile);

export interface Certificate {
  /** PEM texts, and the files that contain them. */
  key: string;
  cert: string;
  keyFile: string;
  certFile: string;
}

export interface Authority extends AsyncDisposable {
  /** The authority's own certificate, for NODE_EXTRA_CA_CERTS. */
  file: string;
  /** @param names in openssl's form, such as `DNS:localhost,IP:127.0.0.1` */
  certificate(names: string): Promise<Certificate>;
}

/** False, or the reason: for the `skip` option of a test. */
export function certificatesMissing(): string | false {
  const { status } = spawnSync('openssl', ['version'], { stdio: 'ignore' });
  return status === 0 ? false : 'the program openssl is not installed, so no certificates can be made';
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function privateAuthority(): Promise<Authority> {
  const folder = temporaryFolder('authority');
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder });
  const subject = ['-subj', '/CN=CodeWorm test authority'];
  await openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', ...subject);
  let count = 0;
  const certificate = async (names: string): Promise<Certificate> => {
    const name = `server${++count}`;
    const [keyFile, certFile] = [at(`${name}.key`), at(`${name}.pem`)];
    writeFileSync(at(`${name}.ext`), `subjectAltName=${names}\n`);
    await openssl('req', ...newKey, '-keyout', keyFile, '-out', `${name}.csr`, '-subj', '/CN=server');
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', certFile, '-days', '2');
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8'), keyFile, certFile };
  };
  const dispose = async (): Promise<void> => removeFolder(folder);
  return { file: at('ca.pem'), certificate, [Symbol.asyncDispose]: dispose };
}
