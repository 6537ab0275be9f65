import {
  isLikelyOllama,
  isLoopback,
  localizable,
  parseBaseUrl,
  type LocalizableMessage,
} from '../ollama/index.ts';
import type { CandidateReason } from './candidates.ts';
import type { Machine } from './machine.ts';

/** Where an address is, seen from this machine: the remedy depends on it. */
export interface SetupContext {
  /** `host` is the machine that runs this WSL or container. */
  where: 'here' | 'host' | 'elsewhere';
  machine: Machine;
  /** Whether Ollama is expected there: no other text names it. */
  isOllama: boolean;
}

export function contextOf(
  address: string,
  why: CandidateReason,
  machine: Machine,
  isOllama = isLikelyOllama(address),
): SetupContext {
  const { hostname } = new URL(address);
  const isNearby =
    why === 'windowsHost' || why === 'containerHost' || machine.hosts.some(({ host }) => host === hostname);
  const ownOrOther = isLoopback(hostname) ? 'here' : 'elsewhere';
  return { where: isNearby ? 'host' : ownOrOther, machine, isOllama };
}

/** How to start an installed Ollama. */
export function howToStart(platform: NodeJS.Platform): LocalizableMessage {
  switch (platform) {
    case 'darwin':
      return localizable('Open the app Ollama, or run "ollama serve" in a terminal.');
    case 'win32':
      return localizable('Start Ollama from the Start menu, or run "ollama serve" in a terminal.');
    default:
      return localizable('Run "sudo systemctl start ollama", or "ollama serve" in a terminal.');
  }
}

export function remedyWhenRefused(address: string, setup: SetupContext): LocalizableMessage {
  switch (setup.where) {
    case 'here':
      return startHere(address, setup);
    case 'host':
      return letIn(setup);
    case 'elsewhere':
      return setup.isOllama
        ? localizable(
            'Start Ollama on that machine with OLLAMA_HOST=0.0.0.0, so that it listens to others too, and check that {0} has the right port.',
            address,
          )
        : localizable(
            'Start the server on that machine, so that it listens to others too, and check that {0} has the right port.',
            address,
          );
  }
}

function startHere(address: string, { machine, isOllama }: SetupContext): LocalizableMessage {
  const { kind, mirrored, platform } = machine;
  if (kind === 'container')
    return localizable(
      'In a container this address means the container itself: if the server runs on the host, use an address of the host, such as {0}.',
      `http://host.docker.internal:${portOf(address)}`,
    );
  if (kind === 'wsl2' && !mirrored)
    return localizable(
      'In WSL this address means WSL itself: start the server there, or use the address of Windows if it runs on Windows.',
    );
  if (!isOllama) return localizable('Start the server, or check the address.');
  if (kind === 'wsl1' || mirrored)
    return localizable('Start Ollama on Windows, or run "ollama serve" in a terminal of WSL.');
  return howToStart(platform);
}

export function portOf(address: string): string {
  const { port, protocol } = new URL(parseBaseUrl(address).origin);
  return port || (protocol === 'https:' ? '443' : '80');
}

export function remedyWhenSilent(accepted: boolean, setup: SetupContext): LocalizableMessage {
  if (accepted)
    return localizable(
      'If it is the server, it hangs: stop it and start it again. Otherwise check the port.',
    );
  if (setup.where === 'host') return letIn(setup);
  if (setup.where === 'here')
    return localizable('Check the firewall of this machine, and whether the server hangs.');
  return localizable('Check the address, that the machine is on, and that no firewall is in between.');
}

export function remedyWhenForbidden({ where, isOllama }: SetupContext): LocalizableMessage {
  if (where === 'here')
    return localizable('Call it 127.0.0.1 or localhost; if a gateway answers here, check its rules.');
  return isOllama
    ? localizable(
        'Start Ollama there with OLLAMA_HOST=0.0.0.0, or call it by its IP address; if a gateway answers there, check the key and its rules.',
      )
    : localizable('Call it by its IP address; if a gateway answers there, check the key and its rules.');
}

/** How a server lets in requests from this WSL or container. */
function letIn({ machine: { kind }, isOllama }: SetupContext): LocalizableMessage {
  if (kind === 'wsl2')
    return isOllama
      ? localizable(
          'If Ollama runs on Windows: set the environment variable OLLAMA_HOST to 0.0.0.0 there, restart Ollama, and let the Windows firewall pass its port from WSL.',
        )
      : localizable(
          'If the server runs on Windows: let it listen on 0.0.0.0, and let the Windows firewall pass its port from WSL.',
        );
  return isOllama
    ? localizable(
        'If Ollama runs on the host: start it there with OLLAMA_HOST=0.0.0.0, and let the firewall of the host pass its port from containers.',
      )
    : localizable(
        'If the server runs on the host: let it listen on 0.0.0.0, and let the firewall of the host pass its port from containers.',
      );
}
