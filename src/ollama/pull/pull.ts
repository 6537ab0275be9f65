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
/** The phases after all layers are complete. */
const afterwards: ReadonlySet<PullPhase> = new Set(['verifying', 'writing', 'cleaning']);

/** Sums up the progress of a pull's layers. */
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

  /** Processes the next line. An unknown status keeps the phase. */
  take(line: WirePullLine): PullProgress {
    const known = phases.find(([pattern]) => pattern.test(line.status));
    if (known) this.phase = known[1];
    if (line.digest) this.takeLayer(line);
    if (afterwards.has(this.phase)) this.completeAll();
    return this.progress;
  }

  /** The latest number counts, even if it is smaller: the server may have lost data. */
  private takeLayer({ digest, total: named, completed: said }: WirePullLine): void {
    const layer = this.layers.get(digest);
    const total = named || (layer?.total ?? 0);
    const completed = Math.min(said, total);
    const resumed = Math.min(layer?.resumed ?? completed, completed);
    this.layers.set(digest, { total, completed, resumed });
  }

  /** The server reports a layer's progress now and then, but not its completion. */
  private completeAll(): void {
    for (const layer of this.layers.values()) layer.completed = layer.total;
  }
}
