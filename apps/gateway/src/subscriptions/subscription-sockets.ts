import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError, ERRORS, isErrorCode } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type Server } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { isAllowedOrigin } from '../edge/allowed-origins';
import type { AdmissionDeps } from '../edge/caller.hooks';
import type { GatewayMetrics } from '../edge/gateway-metrics';
import type { ErrorReporter } from '../server/error-reporter';
import { toPublicError } from '../server/public-error';
import { closeCodeOf, GOING_AWAY } from './close-codes';
import type { ConnectionBudget } from './connection-budget';
import { startHeartbeat } from './heartbeat';
import { SocketSession } from './socket-session';

export interface SubscriptionSocketsDeps {
  readonly protocol: Server<SocketSession>;
  readonly admission: AdmissionDeps;
  readonly budget: ConnectionBudget;
  readonly allowedOrigins: readonly string[];
  readonly reporter: ErrorReporter;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** How long clients may take to answer that this server goes away. */
  readonly closeMs: number;
}

const PATH = '/graphql';
/** Bytes: no document within the limit of tokens is longer in good faith. */
const MAX_MESSAGE = 64 * 1_024;
/** Bytes that may wait for a client which does not read. */
const MAX_UNREAD = 1_024 * 1_024;
const HEARTBEAT_MS = 12_000;

/** The sockets that subscriptions come over: upgrade, life and end. What they carry is the protocol's business. */
export class SubscriptionSockets {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false),
  });
  private closing = false;

  constructor(private readonly deps: SubscriptionSocketsDeps) {}

  /** Makes a WebSocket of a connection, or refuses it with the shape of every other refusal. Never rejects. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const ignore = (): void => undefined; // a peer that hangs up now has nothing to tell
    socket.on('error', ignore);
    try {
      await this.admit(request);
    } catch (error) {
      return this.refuse(socket, error);
    }
    socket.off('error', ignore);
    this.server.handleUpgrade(request, socket, head, (client) => this.accept(client, request));
  }

  /** Tells every client to go elsewhere, and cuts those that do not answer in time. */
  async close(): Promise<void> {
    this.closing = true;
    const cut = setTimeout(() => this.server.clients.forEach((client) => client.terminate()), this.deps.closeMs);
    this.server.clients.forEach((client) => client.close(GOING_AWAY, 'SHUTTING_DOWN'));
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    clearTimeout(cut);
  }

  private async admit(request: IncomingMessage): Promise<void> {
    const { allowedOrigins, admission } = this.deps;
    if (request.url?.split('?')[0] !== PATH) throw new DomainError('NOT_FOUND', 'No such route.');
    if (!isAllowedOrigin(request.headers, allowedOrigins)) throw new DomainError('FORBIDDEN', 'This origin may not call.');
    // Whoever it is has said nothing yet: sockets that never do are taken from the address.
    await admission.limits.admit({ kind: 'unknown', reason: 'missing' }, request.socket.remoteAddress ?? '');
    if (this.closing) throw new DomainError('SHUTTING_DOWN');
  }

  private accept(socket: WebSocket, request: IncomingMessage): void {
    const { protocol, metrics, logger } = this.deps;
    const session = new SocketSession(request, this.deps);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) =>
          void socket.on('message', (data) => void take(String(data)).catch((error: unknown) => this.fail(socket, error))),
      },
      session,
    );
    const stopHeartbeat = startHeartbeat(socket, HEARTBEAT_MS, () => void this.recheck(socket, session));
    socket.on('error', (error) => logger.debug({ err: error }, 'a socket broke'));
    socket.once('close', (code, reason) => {
      stopHeartbeat();
      metrics.setSockets(this.server.clients.size);
      void closed(code, String(reason)).catch((error: unknown) => this.deps.reporter.report(error, logger));
    });
    metrics.setSockets(this.server.clients.size);
  }

  private async recheck(socket: WebSocket, session: SocketSession): Promise<void> {
    if (!(await session.stillHolds())) this.fail(socket, new DomainError('UNAUTHENTICATED'));
  }

  /** Closes for an error: the reason is its code and nothing else. */
  private fail(socket: WebSocket, error: unknown): void {
    const { code } = toPublicError(error);
    this.deps.reporter.report(error, this.deps.logger);
    this.deps.metrics.countRefusal(code);
    socket.close(closeCodeOf(code), code);
  }

  private refuse(socket: Duplex, error: unknown): void {
    const { code, message, retryable, details } = toPublicError(error);
    this.deps.reporter.report(error, this.deps.logger);
    this.deps.metrics.countRefusal(code);
    const { status } = isErrorCode(code) ? ERRORS[code] : ERRORS.INTERNAL;
    const body = JSON.stringify({ errors: [{ message, extensions: { code, retryable, details } }] });
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
        'content-type: application/json; charset=utf-8',
        `content-length: ${Buffer.byteLength(body)}`,
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }
}

/** Resolves once the message is on its way, so that a subscription has one of them under way at most; a socket that broke says so itself. */
function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.bufferedAmount > MAX_UNREAD) socket.terminate();
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => socket.send(text, () => resolve()));
}
