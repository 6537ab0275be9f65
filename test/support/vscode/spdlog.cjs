// Takes the place of VS Code's native module @vscode/spdlog, which would need a compiler. What an extension appends
// to an output channel reaches the window through such a logger's file: without one the Output panel stays empty.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  #file;
  #level = 2;
  #raw = false;
  #waiting = '';

  constructor(_type, _name, file) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
  }

  trace(message) {
    this.#log(0, message);
  }
  debug(message) {
    this.#log(1, message);
  }
  info(message) {
    this.#log(2, message);
  }
  warn(message) {
    this.#log(3, message);
  }
  error(message) {
    this.#log(4, message);
  }
  critical(message) {
    this.#log(5, message);
  }

  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  /** VS Code knows one pattern: '%Y-%m-%d %H:%M:%S.%e [%l] %v'. */
  setPattern() {
    this.#raw = false;
  }
  /** Output channels: exactly what was appended, no line ends added. */
  clearFormatters() {
    this.#raw = true;
  }

  /** VS Code calls it before it tells the window to read on. */
  flush() {
    if (this.#waiting === '') return;
    appendFileSync(this.#file, this.#waiting);
    this.#waiting = '';
  }
  drop() {
    this.flush();
  }

  #log(level, message) {
    if (level < this.#level) return;
    if (this.#waiting === '') setImmediate(() => this.flush());
    const time = new Date().toISOString().replace('T', ' ').slice(0, -1);
    this.#waiting += this.#raw ? message : `${time} [${LEVELS[level]}] ${message}\n`;
  }
}

exports.version = 1;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);
