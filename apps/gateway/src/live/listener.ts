/** A connection to PostgreSQL that only listens, and comes back by itself when it was lost. */
import type { ControlPlane } from '@freshet/persistence';
import type { Log } from '@freshet/service-kit';
import type { Client } from 'pg';

const retryDelays = [100, 250, 500, 1_000, 2_000, 5_000];

export interface ListenerOptions {
  plane: Pick<ControlPlane, 'systemConnection'>;
  log: Log;
  channels: readonly string[];
  /** Called for each notification; its payload is JSON, already parsed. */
  onMessage: (channel: string, payload: unknown) => void;
  /** Called whenever listening begins, also again after a loss: what was notified meanwhile has to be looked for. */
  onListening: () => void;
  /** Called when listening ends without anybody having asked for it. */
  onLost?: () => void;
}

export class Listener {
  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private closed = false;

  constructor(private readonly options: ListenerOptions) {}

  /** Whether notifications arrive right now. */
  get listening(): boolean {
    return this.client !== undefined;
  }

  /** Resolves when the first try has ended, whether it succeeded or goes on in the background. */
  async start(): Promise<void> {
    const { plane, channels, log, onListening } = this.options;
    let client: Client | undefined;
    try {
      client = await plane.systemConnection('freshet gateway events');
      const opened = client;
      opened.on('notification', ({ channel, payload }) => this.receive(channel, payload));
      opened.on('error', (err) => log.debug({ err }, 'The listening connection failed'));
      opened.on('end', () => this.lost(opened));
      // What is sent from here only asks whether everything was heard; it need not survive a crash.
      await opened.query('SET synchronous_commit = off');
      for (const channel of channels) await opened.query(`LISTEN ${channel}`);
      if (this.closed) return void (await opened.end());
      this.client = opened;
      this.failures = 0;
      onListening();
    } catch (err) {
      log.warn({ err }, 'Events can not be listened to just now');
      client?.removeAllListeners('end');
      await client?.end().catch(() => undefined);
      this.startLater();
    }
  }

  /** Runs a statement on the listening connection. Rejects while there is none. */
  async ask(text: string, values: readonly unknown[]): Promise<void> {
    if (!this.client) throw new Error('Nobody listens to PostgreSQL just now.');
    await this.client.query(text, [...values]);
  }

  /** The connection does not answer: it is closed without waiting, and another one opened. */
  breakOff(): void {
    this.client?.connection.stream.destroy();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.options.onLost?.();
    this.startLater();
  }

  private startLater(): void {
    if (this.closed) return;
    const delay = retryDelays[Math.min(this.failures++, retryDelays.length - 1)];
    this.retry = setTimeout(() => void this.start(), delay);
  }

  private receive(channel: string, payload: string | undefined): void {
    try {
      this.options.onMessage(channel, JSON.parse(payload ?? 'null'));
    } catch (err) {
      this.options.log.error({ err, channel }, 'A notification could not be read');
    }
  }
}
