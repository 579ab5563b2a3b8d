import { Signal } from './signal';
import { waitFor } from './wait-for';

describe('waiting for a condition', () => {
  it('returns the first truthy value', async () => {
    let asked = 0;
    expect(await waitFor(() => ++asked > 3 && `asked ${asked}`)).toBe('asked 4');
  });

  it('says what it waited for and the last error', async () => {
    const refused = (): never => {
      throw new Error('connection refused');
    };
    await expect(waitFor(refused, { timeout: 5, what: 'the server' })).rejects.toThrow(
      'Waited 5 ms in vain for the server: connection refused',
    );
  });

  it('goes on under fake timers', async () => {
    jest.useFakeTimers();
    let asked = 0;
    await waitFor(() => ++asked > 3).finally(() => jest.useRealTimers());
    expect(asked).toBe(4);
  });
});

describe('a signal', () => {
  it('hands each value to one waiter, in order', async () => {
    const signal = new Signal<number>();
    const both = Promise.all([signal.next(), signal.next()]);
    signal.fire(1);
    signal.fire(2);
    expect(await both).toEqual([1, 2]);
    await expect(signal.next({ timeout: 5 })).rejects.toThrow('in vain for signal 3');
  });
});
