// Loaded into VS Code's server: it ends, with all it started, when whoever started it is gone without a word
// (killed, or dead of an error inside an error handler: 'exit' comes in neither case).
const parent = process.ppid;
if (process.argv[1]?.endsWith('server-main.js')) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(-process.pid, 'SIGKILL');
  }, 1000).unref();
}
