/** Lets a test wait for the moment at which the code under test gets somewhere. */
import { waitFor } from './wait-for';

export class Signal<T = void> {
  private readonly fired: T[] = [];
  private taken = 0;

  /** Every value fired so far, oldest first. */
  get values(): readonly T[] {
    return this.fired;
  }

  fire(value: T): void {
    this.fired.push(value);
  }

  /** The next value that no earlier call has returned; waits for it at most `timeout` milliseconds. */
  async next({ timeout = 10_000 }: { timeout?: number } = {}): Promise<T> {
    const index = this.taken++;
    await waitFor(() => this.fired.length > index, { timeout, what: `signal ${index + 1}` });
    return this.fired[index] as T;
  }
}
