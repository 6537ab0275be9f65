import * as vscode from 'vscode';

const units = [
  { name: 'TB', bytes: 1e12 },
  { name: 'GB', bytes: 1e9 },
  { name: 'MB', bytes: 1e6 },
  { name: 'kB', bytes: 1e3 },
];

/** A number in the user's locale. Below ten it has one decimal, unless that is zero. */
export function numberText(value: number): string {
  const maximumFractionDigits = Math.abs(value) < 9.95 ? 1 : 0;
  return value.toLocaleString(vscode.env.language, { maximumFractionDigits });
}

/** A size such as "4.7 GB", in decimal units, as Ollama and disks use them. */
export function sizeText(bytes: number): string {
  const unit = units.find((one) => bytes >= one.bytes * 0.9995);
  return unit ? `${numberText(bytes / unit.bytes)} ${unit.name}` : `${Math.round(bytes)} B`;
}

/** The memory of a machine, as its owner knows it: 16 GB for 16 × 2^30 bytes, of which the system takes a little. */
export function memoryText(bytes: number): string {
  const size = bytes / 2 ** 30;
  return `${numberText(size < 4 ? size : Math.ceil(size))} GB`;
}

/** A duration such as "1 min 40 s", without needless precision. */
export function timeText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return vscode.l10n.t('{0} s', whole);
  const minutes = Math.floor(whole / 60);
  if (minutes < 10) return vscode.l10n.t('{0} min {1} s', minutes, whole % 60);
  if (minutes < 60) return vscode.l10n.t('{0} min', minutes);
  return vscode.l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** For example "line 5" or "lines 5-9"; counted from 1. */
export function linesText(first: number, last: number): string {
  return first === last ? vscode.l10n.t('line {0}', first) : vscode.l10n.t('lines {0}-{1}', first, last);
}

/** For example "a, b and c". */
export function listText(items: readonly string[]): string {
  return new Intl.ListFormat(vscode.env.language, { type: 'conjunction' }).format(items);
}
