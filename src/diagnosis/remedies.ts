import { isLoopback, sentence, type Sentence } from '../ollama/index.ts';
import type { Why } from './candidates.ts';
import type { Machine } from './machine.ts';

/** Where an address leads, seen from the machine that asks: what can be done there depends on it. */
export interface Place {
  /** `host` is the machine around this WSL or container. */
  where: 'here' | 'host' | 'elsewhere';
  machine: Machine;
}

export function placeOf(origin: string, why: Why, machine: Machine): Place {
  const { hostname } = new URL(origin);
  const nearby = machine.hosts.some(({ host }) => host === hostname);
  if (why === 'windowsHost' || why === 'containerHost' || nearby) return { where: 'host', machine };
  return { where: isLoopback(hostname) ? 'here' : 'elsewhere', machine };
}

/** How Ollama is started where it is installed. */
export function howToStart(platform: NodeJS.Platform): Sentence {
  switch (platform) {
    case 'darwin':
      return sentence('Open the app Ollama, or run "ollama serve" in a terminal.');
    case 'win32':
      return sentence('Start Ollama from the Start menu, or run "ollama serve" in a terminal.');
    default:
      return sentence('Run "sudo systemctl start ollama", or "ollama serve" in a terminal.');
  }
}

export function remedyWhenRefused(address: string, place: Place): Sentence {
  switch (place.where) {
    case 'here':
      return startHere(place.machine);
    case 'host':
      return place.machine.kind === 'wsl2' ? letWslIn : letContainerIn;
    case 'elsewhere':
      return sentence(
        'Start Ollama on that machine with OLLAMA_HOST=0.0.0.0, so that it listens to others too, and check that {0} has the right port.',
        address,
      );
  }
}

function startHere({ kind, mirrored, platform }: Machine): Sentence {
  if (kind === 'container')
    return sentence(
      'In a container this address means the container itself: if Ollama runs on the host, use an address of the host, such as http://host.docker.internal:11434.',
    );
  if (kind === 'wsl2' && !mirrored)
    return sentence(
      'In WSL this address means WSL itself: run "ollama serve" there, or use the address of Windows if Ollama runs on Windows.',
    );
  if (kind === 'wsl1' || mirrored)
    return sentence('Start Ollama on Windows, or run "ollama serve" in a terminal of WSL.');
  return howToStart(platform);
}

export function remedyWhenSilent(accepted: boolean, { where, machine }: Place): Sentence {
  if (accepted)
    return sentence('If it is Ollama, it hangs: end it and start it anew. Otherwise check the port.');
  if (where === 'host') return machine.kind === 'wsl2' ? letWslIn : letContainerIn;
  if (where === 'here') return sentence('Check the firewall of this machine, and whether Ollama hangs.');
  return sentence('Check the address, that the machine is on, and that no firewall stands in between.');
}

export function remedyWhenForbidden({ where }: Place): Sentence {
  return where === 'here'
    ? sentence('Call it 127.0.0.1 or localhost; if a gateway answers here, check its rules.')
    : sentence(
        'Start Ollama there with OLLAMA_HOST=0.0.0.0, or call it by its IP address; if a gateway answers there, check the key and its rules.',
      );
}

const letWslIn = sentence(
  'If Ollama runs on Windows: set the environment variable OLLAMA_HOST to 0.0.0.0 there, start Ollama anew, and let the Windows firewall pass its port from WSL.',
);
const letContainerIn = sentence(
  'If Ollama runs on the host: start it there with OLLAMA_HOST=0.0.0.0, and let the firewall of the host pass its port from containers.',
);
