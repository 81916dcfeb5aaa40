import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const HOP: ReadonlySet<string> = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Answers a request that offers an upgrade we do not take (Java's own client offers h2c with its first request) as if it had offered
 * none, which a server may (RFC 9110, section 7.8). Once a server listens for upgrades, Node takes every such connection out of HTTP: here
 * it goes back in, with the request's head written anew.
 */
export function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method = '', url = '', httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!HOP.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1] ?? ''}`);
  }
  if (/\bclose\b/i.test(request.headers.connection ?? '')) lines.push('connection: close');
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
