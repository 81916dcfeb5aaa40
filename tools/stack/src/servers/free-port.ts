import { createServer } from 'node:net';
import { invariant } from '@vitrine/kernel';

const HOST = '127.0.0.1';

/** The preferred port when nobody holds it, else one that the system gives. */
export async function freePort(preferred: number | null): Promise<number> {
  if (preferred !== null) {
    const same = await claim(preferred).catch(() => null);
    if (same !== null) return same;
  }
  return claim(0);
}

function claim(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      invariant(address !== null && typeof address === 'object', 'a TCP server has an address');
      server.close(() => resolve(address.port));
    });
  });
}
