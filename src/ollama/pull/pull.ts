import type { PullPhase, PullProgress } from '../../http/client/models.ts';
import type { WirePullLine } from '../api/wire.ts';

interface Layer {
  total: number;
  completed: number;
  resumed: number;
}

const phases: readonly [pattern: RegExp, phase: PullPhase][] = [
  [/^pulling manifest/, 'manifest'],
  [/^pulling /, 'downloading'],
  [/^verifying /, 'verifying'],
  [/^writing /, 'writing'],
  [/^removing /, 'cleaning'],
];
/** The phases that come when every layer is whole. */
const afterwards: ReadonlySet<PullPhase> = new Set(['verifying', 'writing', 'cleaning']);

/** Adds up what the lines of a pull say of its layers. */
export class PullProgressTracker {
  private readonly layers = new Map<string, Layer>();
  private phase: PullPhase = 'manifest';

  get progress(): PullProgress {
    const sum = (field: keyof Layer) => [...this.layers.values()].reduce((all, one) => all + one[field], 0);
    return {
      phase: this.phase,
      completedBytes: sum('completed'),
      totalBytes: sum('total'),
      resumedBytes: sum('resumed'),
    };
  }

  /** Takes the next line; a status that is not known keeps the phase. */
  take(line: WirePullLine): PullProgress {
    const known = phases.find(([pattern]) => pattern.test(line.status));
    if (known) this.phase = known[1];
    if (line.digest) this.takeLayer(line);
    if (afterwards.has(this.phase)) this.completeAll();
    return this.progress;
  }

  /** What the server says last counts, also when it is less: it takes back what it could not keep. */
  private takeLayer({ digest, total: named, completed: said }: WirePullLine): void {
    const layer = this.layers.get(digest);
    const total = named || (layer?.total ?? 0);
    const completed = Math.min(said, total);
    const resumed = Math.min(layer?.resumed ?? completed, completed);
    this.layers.set(digest, { total, completed, resumed });
  }

  /** The server tells a layer's progress now and then, and not that it is whole. */
  private completeAll(): void {
    for (const layer of this.layers.values()) layer.completed = layer.total;
  }
}
