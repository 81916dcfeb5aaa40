import type { Redis } from 'ioredis';
import type { Logger } from '../logging/logger';

/** Says that something changed; whoever cares fetches it from the database (a lost notice costs one poll interval). */
export interface ChangeMessage {
  readonly kind: 'catalog' | 'state' | 'profile' | 'segment-model' | 'training-run';
  readonly id: string;
  /** 0 where the thing has no number of its own. */
  readonly revision: number;
}
export type ChangeHandler = (message: ChangeMessage) => void;

const CHANNEL = 'vitrine:changes';
const KINDS: ReadonlySet<string> = new Set(['catalog', 'state', 'profile', 'segment-model', 'training-run']);

function parse(text: string): ChangeMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { kind, id, revision } = value as Record<string, unknown>;
    if (typeof kind !== 'string' || !KINDS.has(kind) || typeof id !== 'string' || typeof revision !== 'number') return null;
    return { kind: kind as ChangeMessage['kind'], id, revision };
  } catch {
    return null;
  }
}

/** Announces changes; never throws and never waits: the database already holds the truth. */
export function createAnnouncer(publisher: Redis): (message: ChangeMessage) => void {
  return (message) => {
    void publisher.publish(CHANNEL, JSON.stringify(message)).catch(() => undefined);
  };
}

/** Calls every handler per notice, and `onGap` whenever notices may have been missed (first subscription, reconnect). */
export class ChangeListener {
  private readonly handlers: ChangeHandler[] = [];
  private readonly gapHandlers: (() => void)[] = [];

  constructor(
    private readonly subscriber: Redis,
    private readonly logger: Logger,
  ) {}

  on(handler: ChangeHandler): void {
    this.handlers.push(handler);
  }

  onGap(handler: () => void): void {
    this.gapHandlers.push(handler);
  }

  start(): void {
    this.subscriber.on('message', (_channel: string, text: string) => {
      const message = parse(text);
      if (message === null) return;
      for (const handler of this.handlers) this.guard(() => handler(message));
    });
    this.subscriber.on('ready', () => {
      for (const handler of this.gapHandlers) this.guard(handler);
    });
    void this.subscriber.subscribe(CHANNEL).catch((error: unknown) => this.logger.warn({ err: error }, 'subscribing to changes failed'));
  }

  private guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.logger.error({ err: error }, 'a change handler failed');
    }
  }
}
