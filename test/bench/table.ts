import type { ContenderName } from './protocol.ts';
import type { Target } from './rows.ts';
import type { Summary } from './statistics.ts';

/** A row with its measurements, as `--json` prints it. */
export interface Result {
  name: string;
  unit: string;
  figures: Partial<Record<ContenderName, Summary>>;
  targets: Verdict[];
  /** A note, such as the number of connections. */
  note?: string;
}

/** Our figure compared with its limit. */
export interface Verdict {
  met: boolean;
  /** For example `1.31 x raw, target 1.25`. */
  text: string;
}

/** Compares the medians of rounds that ran in parallel. */
export function judge(target: Target, figures: Result['figures']): Verdict {
  const ours = figures.codeworm?.median ?? Number.NaN;
  const limit = target.of === undefined ? target.most : target.times;
  const value = target.of === undefined ? ours : ours / (figures[target.of]?.median ?? Number.NaN);
  return { met: value <= limit, text: `${round(value)} ${target.unit}, target ${limit}` };
}

const columns = ['codeworm', 'raw', 'ollama', 'node-fetch'] as const;

export function table(results: readonly Result[]): string {
  const lines = results.map((result) => [
    `${result.name} (${result.unit})`,
    ...columns.map((name) => cell(result.figures[name])),
    [...result.targets.map(verdict), ...(result.note ? [result.note] : [])].join('; '),
  ]);
  const all = [['', ...columns, ''], ...lines];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  return all
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function verdict({ met, text }: Verdict): string {
  return `${met ? 'met' : 'missed'}: ${text}`;
}

function cell(figure: Summary | undefined): string {
  return figure ? `${round(figure.median)} (${round(figure.least)}-${round(figure.most)})` : '-';
}

function round(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}
