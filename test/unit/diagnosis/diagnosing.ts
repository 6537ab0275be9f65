/** Shared by the tests of the diagnosis: servers to find, and diagnoses of them. */
import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { diagnose, type DiagnosisInput, type Finding } from '../../../src/diagnosis/index.ts';
import type { LocalizableMessage } from '../../../src/ollama/index.ts';
import { inputFor } from '../../support/machines.ts';

const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

export function environment(values: Record<string, string> = {}): void {
  for (const name of proxyNames) delete process.env[name];
  Object.assign(process.env, values);
}

export const never = new AbortController().signal;
export const inEnglish = ({ template, args }: LocalizableMessage): string =>
  template.replaceAll(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]));

/** Probes only the configured address. */
export function only(baseUrl: string, more: Partial<DiagnosisInput> = {}): DiagnosisInput {
  const origin = new URL(baseUrl).origin;
  return inputFor(baseUrl, { mayContact: (other) => other === origin, ...more });
}

export async function configured(input: DiagnosisInput): Promise<Finding> {
  const { findings } = await diagnose(input, never);
  return findings[0];
}

export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function closedPort(): Promise<string> {
  const server = createTcpServer();
  const address = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://${address}`;
}
