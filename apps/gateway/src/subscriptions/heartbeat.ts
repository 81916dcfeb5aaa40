/** What it needs of a WebSocket. */
export interface Pingable {
  ping(): void;
  terminate(): void;
  on(event: 'pong', listener: () => void): unknown;
}

/** Pings a socket and cuts it when a whole interval passed without an answer: a peer that is gone does not say so. @returns what stops it */
export function startHeartbeat(socket: Pingable, everyMs: number, onBeat: () => void): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    onBeat();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
