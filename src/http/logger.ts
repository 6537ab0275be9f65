/**
 * Receives the client's log events: a name and facts, never prompts, answers or keys. The console and VS
 * Code's LogOutputChannel both fit.
 */
export interface Logger {
  debug(message: string, ...facts: unknown[]): void;
  info(message: string, ...facts: unknown[]): void;
  warn(message: string, ...facts: unknown[]): void;
  error(message: string, ...facts: unknown[]): void;
}

const ignore = (): void => undefined;

/** Ignores all events. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
