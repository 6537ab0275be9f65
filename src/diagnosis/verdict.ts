import { localizable } from '../ollama/index.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { ServerSeen } from './server.ts';
import { explainProblem } from './explainProblem.ts';
import { remedyWhenForbidden, remedyWhenRefused, remedyWhenSilent, type SetupContext } from './remedies.ts';
import type { Explanation } from './explanation.ts';

/** An outcome with its explanation. */
export type Verdict = ProbeOutcome & Explanation;

/** @param address as shown, without credentials */
export function verdictOf(outcome: ProbeOutcome, address: string, setup: SetupContext): Verdict {
  return { ...outcome, ...explain(outcome, address, setup) };
}

/** An exhaustive switch: every outcome has an explanation. */
function explain(outcome: ProbeOutcome, address: string, setup: SetupContext): Explanation {
  switch (outcome.kind) {
    case 'working':
      return explainWorking(outcome, address);
    case 'refused':
    case 'silent':
    case 'unknownHost':
    case 'noRoute':
    case 'hungUp':
      return explainUnreached(outcome, address, setup);
    case 'foreignService':
    case 'forbidden':
    case 'keyMissing':
    case 'gateway':
    case 'redirected':
      return explainAnswered(outcome, address, setup);
    case 'proxy':
      return explainProxy(outcome.proxy, address);
    case 'certificate':
      return explainCertificate(outcome, address);
    case 'notTls':
      return {
        summary: localizable('What listens at {0} does not speak TLS.', address),
        fix: localizable('Write http:// instead of https://, or check the port.'),
      };
    case 'notApproved':
      return {
        summary: localizable('{0} was not asked, because you have not agreed to it.', address),
        fix: localizable('If it is your server, set it as the base URL and agree when CodeWorm asks.'),
      };
    case 'unusable':
      return explainUnusable(outcome.setting, address);
    case 'otherError':
      return { summary: outcome.error.localizableMessage, fix: tryAgain };
  }
}

const tryAgain = localizable(
  "Try again in a moment; if that does not help, check the server's log and CodeWorm's.",
);

type Of<K extends ProbeOutcome['kind']> = Extract<ProbeOutcome, { kind: K }>;

/** For an address without a usable connection. */
function explainUnreached(
  outcome: Of<'refused' | 'silent' | 'unknownHost' | 'noRoute' | 'hungUp'>,
  address: string,
  setup: SetupContext,
): Explanation {
  switch (outcome.kind) {
    case 'refused':
      return {
        summary: localizable('Nothing listens at {0}.', address),
        fix: remedyWhenRefused(address, setup),
      };
    case 'silent':
      return {
        summary: outcome.hasBegun
          ? localizable('What answers at {0} begins its answer, and does not end it.', address)
          : outcome.accepted
            ? localizable('Something accepts connections at {0}, and then says nothing.', address)
            : localizable('Nothing comes back from {0}: no answer, and no refusal either.', address),
        fix: outcome.hasBegun ? tryAgain : remedyWhenSilent(outcome.accepted, setup),
      };
    case 'unknownHost':
      return {
        summary: localizable('The host of {0} is not known.', address),
        fix: localizable(
          'Check the spelling of the name, and whether the network or the VPN that knows it is connected.',
        ),
      };
    case 'noRoute':
      return {
        summary: localizable('This machine has no way to {0} ({1}).', address, outcome.code),
        fix: localizable('Check the address, and whether the network it belongs to is connected.'),
      };
    case 'hungUp':
      return {
        summary: localizable('The server at {0} closes the connection before it answers.', address),
        fix: address.startsWith('https:')
          ? localizable("Try http:// if it speaks no TLS; otherwise check the server's log.")
          : localizable("Try https:// if a gateway there wants TLS; otherwise check the server's log."),
      };
  }
}

/** For an unexpected answer. */
function explainAnswered(
  outcome: Of<'foreignService' | 'forbidden' | 'keyMissing' | 'gateway' | 'redirected'>,
  address: string,
  setup: SetupContext,
): Explanation {
  switch (outcome.kind) {
    case 'foreignService':
      return {
        summary: localizable(
          'What answers at {0} is not a server of language models, but another program.',
          address,
        ),
        fix: localizable(
          'Check the host, the port and the path. Usual ports are 8080 (llama-server), 8000 (vLLM), 1234 (LM Studio) and 11434 (Ollama), without a path.',
        ),
      };
    case 'forbidden':
      return {
        summary: localizable('The server at {0} refuses requests that call it by this name (403).', address),
        fix: remedyWhenForbidden(setup),
      };
    case 'keyMissing':
      return explainKey(outcome.sent, address);
    case 'gateway':
      return {
        summary: localizable(
          'The gateway at {0} gets no answer from the server behind it ({1}).',
          address,
          outcome.status,
        ),
        fix: localizable('Start the server behind the gateway, and check where the gateway looks for it.'),
      };
    case 'redirected':
      return explainRedirect(outcome.to, address);
  }
}

function explainWorking({ server }: Of<'working'>, address: string): Explanation {
  const [first] = server.problems;
  return {
    summary:
      server.product === 'Ollama'
        ? localizable('Ollama {0} answers at {1}.', server.version, address)
        : localizable('{0} answers at {1}.', nameOf(server), address),
    fix: first ? explainProblem(first, server.origin).fix : localizable('Nothing needs to be done.'),
  };
}

/** Of a server that does not say what it is, the protocol. */
function nameOf({ product, version }: ServerSeen): string {
  return `${product || 'OpenAI API'} ${version}`.trim();
}

function explainKey(sent: boolean, address: string): Explanation {
  return sent
    ? {
        summary: localizable('The server at {0} does not accept the key that CodeWorm sends (401).', address),
        fix: localizable(
          'Enter the key again, and ask the administrator of the server whether it is still valid.',
        ),
      }
    : {
        summary: localizable('The server at {0} wants a key, and none is sent to it (401).', address),
        fix: localizable('Enter the key, or set the header that the server wants.'),
      };
}

function explainProxy(proxy: string, address: string): Explanation {
  const remedy = localizable(
    'Add the host to "http.noProxy" (or to NO_PROXY) if it is reached directly; otherwise check the proxy settings.',
  );
  const finding = proxy
    ? localizable('The proxy {0} is between here and {1}, and does not let requests through.', proxy, address)
    : localizable('A proxy is between here and {0}, and does not let requests through.', address);
  return { summary: finding, fix: remedy };
}

function explainCertificate({ problem, code }: Of<'certificate'>, address: string): Explanation {
  switch (problem) {
    case 'name':
      return {
        summary: localizable('The certificate of {0} is for another name.', address),
        fix: localizable(
          'Use the name that is in the certificate, or give the server a certificate with this one.',
        ),
      };
    case 'date':
      return {
        summary: localizable('The certificate of {0} is not valid today ({1}).', address, code),
        fix: localizable("Renew the certificate of the server, and check this machine's clock."),
      };
    case 'authority':
      return {
        summary: localizable('The certificate of {0} is not trusted ({1}).', address, code),
        fix: localizable(
          "Add its certificate authority to the system's store, or name its file in NODE_EXTRA_CA_CERTS and restart VS Code.",
        ),
      };
  }
}

function explainRedirect(to: string, address: string): Explanation {
  return to
    ? {
        summary: localizable('The server at {0} redirects to {1}, where nothing is sent.', address, to),
        fix: localizable('Set {0} as the base URL if that is the server you mean.', to),
      }
    : {
        summary: localizable('The server at {0} redirects to nowhere.', address),
        fix: localizable('Set the address that is meant as the base URL.'),
      };
}

function explainUnusable(setting: string, address: string): Explanation {
  return setting === 'baseUrl'
    ? {
        summary: localizable('"{0}" is not an address.', address),
        fix: localizable('Write one such as http://localhost:11434.'),
      }
    : {
        summary: localizable(
          '{0} cannot be asked, because the setting "{1}" cannot be used.',
          address,
          setting,
        ),
        fix: localizable('Correct the setting "{0}".', setting),
      };
}
