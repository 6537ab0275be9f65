import * as vscode from 'vscode';
import { setContextKey } from '../../ui/contextKeys.ts';
import { command, showErrorWithActions } from '../../ui/errorActions.ts';
import { showInfo } from '../../ui/notifications.ts';
import type { RunProgress, RunState } from '../workspace/runTypes.ts';

/** Shows in the status bar that pages are being written; `undefined` ends it. */
export interface PagesMonitor {
  setPages(
    pages:
      | { kind: 'pages'; done: number; total: number; secondsLeft?: number; isPaused: boolean }
      | undefined,
  ): void;
}

/** Shows a run: in the status bar, in the context keys of menus, and in messages when it pauses. */
export class RunDisplay {
  private readonly monitor: PagesMonitor;
  private shownState: RunState['kind'] | undefined;
  /** The progress last sent to the status bar. */
  private shownProgress = '';

  constructor(monitor: PagesMonitor) {
    this.monitor = monitor;
  }

  showProgress({ state, counts, total, secondsLeft }: RunProgress): void {
    this.showState(state);
    if (state.kind === 'ended') return;
    const done = total - counts.waiting - counts.writing;
    const isPaused = state.kind === 'paused';
    if (`${done} ${isPaused}` === this.shownProgress) return;
    this.shownProgress = `${done} ${isPaused}`;
    this.monitor.setPages({
      kind: 'pages',
      done,
      total,
      isPaused,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    });
  }

  showState(state: RunState): void {
    if (state.kind === this.shownState) return;
    this.shownState = state.kind;
    setContextKey('codeworm.documenting', state.kind !== 'ended');
    setContextKey('codeworm.documentingPaused', state.kind === 'paused');
    if (state.kind !== 'paused') return;
    const goOn = command(vscode.l10n.t('Continue'), 'codeworm.resumeDocumentation');
    switch (state.reason) {
      case 'user':
        return;
      case 'battery':
        return showInfo(
          vscode.l10n.t(
            'No pages are written on battery: CodeWorm continues when the machine is plugged in.',
          ),
          [goOn],
        );
      case 'disk':
      case 'blocked':
        return showErrorWithActions(state.error, [goOn]);
    }
  }

  end(): void {
    this.monitor.setPages(undefined);
    this.shownProgress = '';
    this.showState({ kind: 'ended' });
  }
}
