import { sentence } from '../ollama/index.ts';
import type { Outcome } from './outcome.ts';
import { problemWords } from './problemWords.ts';
import { remedyWhenForbidden, remedyWhenRefused, remedyWhenSilent, type Place } from './remedies.ts';
import type { Words } from './words.ts';

/** An outcome with its words. */
export type Verdict = Outcome & Words;

/**
 * @param address as it is shown, without credentials
 */
export function verdictOf(outcome: Outcome, address: string, place: Place): Verdict {
  return { ...outcome, ...words(outcome, address, place) };
}

/** Exhaustive, as those it asks are: no outcome without words. */
function words(outcome: Outcome, address: string, place: Place): Words {
  switch (outcome.kind) {
    case 'working':
      return workingWords(outcome, address);
    case 'refused':
    case 'silent':
    case 'unknownHost':
    case 'noRoute':
    case 'hungUp':
      return unreachedWords(outcome, address, place);
    case 'foreignService':
    case 'forbidden':
    case 'keyMissing':
    case 'gateway':
    case 'redirected':
      return answeredWords(outcome, address, place);
    case 'proxy':
      return proxyWords(outcome.proxy, address);
    case 'certificate':
      return certificateWords(outcome, address);
    case 'notTls':
      return {
        finding: sentence('What listens at {0} does not speak TLS.', address),
        remedy: sentence('Write http:// instead of https://, or check the port.'),
      };
    case 'notApproved':
      return {
        finding: sentence('{0} was not asked, because you have not agreed to it.', address),
        remedy: sentence('If it is your server, set it as the base URL and agree when CodeWorm asks.'),
      };
    case 'unusable':
      return unusableWords(outcome.setting, address);
    case 'otherError':
      return { finding: outcome.error.sentence, remedy: tryAgain };
  }
}

const tryAgain = sentence(
  "Try again in a moment; if that does not help, look at the server's log and at CodeWorm's.",
);

type Of<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

/** No connection, or none that was of use. */
function unreachedWords(
  outcome: Of<'refused' | 'silent' | 'unknownHost' | 'noRoute' | 'hungUp'>,
  address: string,
  place: Place,
): Words {
  switch (outcome.kind) {
    case 'refused':
      return {
        finding: sentence('Nothing listens at {0}.', address),
        remedy: remedyWhenRefused(address, place),
      };
    case 'silent':
      return {
        finding: outcome.accepted
          ? sentence('Something accepts connections at {0}, and then says nothing.', address)
          : sentence('Nothing comes back from {0}: no answer, and no refusal either.', address),
        remedy: remedyWhenSilent(outcome.accepted, place),
      };
    case 'unknownHost':
      return {
        finding: sentence('The host of {0} is not known.', address),
        remedy: sentence(
          'Check the name for a slip, and whether the network or the VPN that knows it is connected.',
        ),
      };
    case 'noRoute':
      return {
        finding: sentence('This machine has no way to {0} ({1}).', address, outcome.code),
        remedy: sentence('Check the address, and whether the network it belongs to is connected.'),
      };
    case 'hungUp':
      return {
        finding: sentence('The server at {0} closes the connection before it answers.', address),
        remedy: address.startsWith('https:')
          ? sentence("Try http:// if it speaks no TLS; otherwise look at the server's log.")
          : sentence("Try https:// if a gateway there wants TLS; otherwise look at the server's log."),
      };
  }
}

/** An answer, but not the one that was asked for. */
function answeredWords(
  outcome: Of<'foreignService' | 'forbidden' | 'keyMissing' | 'gateway' | 'redirected'>,
  address: string,
  place: Place,
): Words {
  switch (outcome.kind) {
    case 'foreignService':
      return {
        finding: sentence('What answers at {0} is not Ollama, but another program.', address),
        remedy: sentence(
          'Check the host, the port and the path: Ollama usually is at port 11434, without a path.',
        ),
      };
    case 'forbidden':
      return {
        finding: sentence('The server at {0} refuses requests that call it by this name (403).', address),
        remedy: remedyWhenForbidden(place),
      };
    case 'keyMissing':
      return keyWords(outcome.sent, address);
    case 'gateway':
      return {
        finding: sentence(
          'The gateway at {0} gets no answer from its Ollama server ({1}).',
          address,
          outcome.status,
        ),
        remedy: sentence('Start Ollama behind the gateway, and check where the gateway looks for it.'),
      };
    case 'redirected':
      return redirectWords(outcome.to, address);
  }
}

function workingWords({ server }: Of<'working'>, address: string): Words {
  const [first] = server.problems;
  return {
    finding: sentence('Ollama {0} answers at {1}.', server.version, address),
    remedy: first ? problemWords(first, server.origin).remedy : sentence('Nothing needs to be done.'),
  };
}

function keyWords(sent: boolean, address: string): Words {
  return sent
    ? {
        finding: sentence('The server at {0} does not accept the key that CodeWorm sends (401).', address),
        remedy: sentence('Enter the key anew, and ask whoever runs the server whether it is still valid.'),
      }
    : {
        finding: sentence('The server at {0} wants a key, and none is sent to it (401).', address),
        remedy: sentence('Enter the key, or set the header that the server wants.'),
      };
}

function proxyWords(proxy: string, address: string): Words {
  const remedy = sentence(
    'Add the host to "http.noProxy" (or to NO_PROXY) if it is reached directly; otherwise check the proxy settings.',
  );
  const finding = proxy
    ? sentence(
        'The proxy {0} stands between here and {1}, and does not let requests through.',
        proxy,
        address,
      )
    : sentence('A proxy stands between here and {0}, and does not let requests through.', address);
  return { finding, remedy };
}

function certificateWords({ problem, code }: Of<'certificate'>, address: string): Words {
  switch (problem) {
    case 'name':
      return {
        finding: sentence('The certificate of {0} is made out to another name.', address),
        remedy: sentence(
          'Use the name that is in the certificate, or give the server a certificate with this one.',
        ),
      };
    case 'date':
      return {
        finding: sentence('The certificate of {0} is not valid today ({1}).', address, code),
        remedy: sentence("Renew the certificate of the server, and check this machine's clock."),
      };
    case 'authority':
      return {
        finding: sentence('The certificate of {0} is not trusted ({1}).', address, code),
        remedy: sentence(
          "Add its certificate authority to the system's store, or name its file in NODE_EXTRA_CA_CERTS and start VS Code anew.",
        ),
      };
  }
}

function redirectWords(to: string, address: string): Words {
  return to
    ? {
        finding: sentence('The server at {0} redirects to {1}, where nothing is sent.', address, to),
        remedy: sentence('Set {0} as the base URL if that is the server you mean.', to),
      }
    : {
        finding: sentence('The server at {0} redirects to nowhere.', address),
        remedy: sentence('Set the address that is meant as the base URL.'),
      };
}

function unusableWords(setting: string, address: string): Words {
  return setting === 'baseUrl'
    ? {
        finding: sentence('"{0}" is not an address.', address),
        remedy: sentence('Write one such as http://localhost:11434.'),
      }
    : {
        finding: sentence('{0} cannot be asked, because the setting "{1}" cannot be used.', address, setting),
        remedy: sentence('Correct the setting "{0}".', setting),
      };
}
