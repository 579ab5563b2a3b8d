/** Time as something that is handed in, so that tests can move it. */

export abstract class Clock {
  abstract now(): Date;
  /** Resolves after that many milliseconds, or at once when `signal` aborts. */
  abstract sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal?.addEventListener('abort', end, { once: true });
    });
  }
}

/**
 * Runs `factor` times as fast as real time since `origin`, at which both showed the same: hours of a vendor's quota pass in seconds.
 * Processes that are given the same two show the same time.
 */
export class ScaledClock extends SystemClock {
  constructor(
    private readonly origin: Date,
    private readonly factor: number,
  ) {
    super();
  }

  override now(): Date {
    const began = this.origin.getTime();
    return new Date(began + (Date.now() - began) * this.factor);
  }

  override sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return super.sleep(milliseconds / this.factor, signal);
  }
}
