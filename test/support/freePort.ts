import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to servers on port 0, so that no other test gets the same one meanwhile. */
const [lowest, highest] = [20_000, 32_000];

/** A port of 127.0.0.1 on which nothing listens now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}
