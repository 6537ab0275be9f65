import type { Gate } from './gate.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { FinishedPage, PageWriter } from './pageWriter.ts';
import type { ServerWatch } from './serverWatch.ts';
import { troubleOf } from './troubles.ts';

/** Most attempts for a page that may succeed later. */
const mostAttempts = 3;
/** Most attempts for a page whose requests fail although the server answers. */
const mostServerTrials = 6;

interface SteadyDependencies {
  writer: PageWriter;
  server: ServerWatch;
  gate: Gate;
  /** Called when no page can be written until the user does something. */
  onBlocked: (error: unknown) => void;
}

/** Repeats attempts until a page is written or cannot be written. */
export class SteadyWriter {
  private readonly dependencies: SteadyDependencies;

  constructor(dependencies: SteadyDependencies) {
    this.dependencies = dependencies;
  }

  /** @throws the last error; when the server is busy, the first one; the signal's reason when it aborts */
  async write(material: PageMaterial, kind: string, signal: AbortSignal): Promise<FinishedPage> {
    const { writer } = this.dependencies;
    for (let attempts = 1, trials = 1; ;) {
      try {
        return await writer.write(material, kind, signal);
      } catch (error) {
        signal.throwIfAborted();
        switch (troubleOf(error)) {
          case 'page':
          case 'busy':
            throw error;
          case 'attempt':
            if (attempts++ >= mostAttempts) throw error;
            break;
          case 'server':
            if (trials++ >= mostServerTrials) throw error;
            // If the server was really offline, it is not the page's fault.
            if ((await this.dependencies.server.untilBack(error)) > 1) trials = 1;
            break;
          case 'all':
            this.dependencies.onBlocked(error);
            await this.dependencies.gate.opened(signal);
        }
      }
    }
  }
}
