import { io } from 'socket.io-client';
import { LiveSocket } from './live-socket';

jest.mock('socket.io-client');

/** As much of Socket.IO as the client leans on. */
class Wire {
  readonly listeners = new Map<string, (argument: unknown) => void>();
  any: (name: string, payload: unknown) => void = () => undefined;
  active = true;
  connects = 0;
  closed = false;
  reply: unknown = { seq: 7 };
  on = (name: string, listener: (argument: unknown) => void): void => void this.listeners.set(name, listener);
  onAny = (listener: (name: string, payload: unknown) => void): void => void (this.any = listener);
  connect = (): void => void this.connects++;
  close = (): void => void (this.closed = true);
  timeout = () => ({
    emitWithAck: (): Promise<unknown> =>
      this.reply instanceof Error ? Promise.reject(this.reply) : Promise.resolve(this.reply),
  });
  fire = (name: string, argument?: unknown): void => this.listeners.get(name)?.(argument);
}

const open = async () => {
  const wire = new Wire();
  jest.mocked(io).mockReturnValue(wire as never);
  const heard: string[] = [];
  const socket = new LiveSocket();
  socket.open({
    connected: () => heard.push('connected'),
    disconnected: () => heard.push('disconnected'),
    refused: () => heard.push('refused'),
    received: (name) => heard.push(name),
  });
  await jest.advanceTimersByTimeAsync(0);
  return { wire, socket, heard };
};

describe('the socket', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('passes on connections and every event by its name', async () => {
    const { wire, heard } = await open();
    wire.fire('connect');
    wire.any('sync:started', {});
    wire.fire('disconnect', 'transport close');
    expect(heard).toEqual(['connected', 'sync:started', 'disconnected']);
    expect(wire.connects).toBe(0);
  });

  it('comes back by itself after the server closed it, which Socket.IO leaves to us', async () => {
    const { wire } = await open();
    wire.fire('disconnect', 'io server disconnect');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(wire.connects).toBe(1);
  });

  it('says when the server would not have it, and tries again later', async () => {
    const { wire, heard } = await open();
    wire.active = false;
    wire.fire('connect_error', new Error('Sign in first.'));
    expect(heard).toEqual(['disconnected', 'refused']);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(wire.connects).toBe(1);
  });

  it('leaves a lost network to Socket.IO', async () => {
    const { wire, heard } = await open();
    wire.fire('connect_error', new Error('xhr poll error'));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(heard).toEqual(['disconnected']);
    expect(wire.connects).toBe(0);
  });

  it.each([
    [{ seq: 7 }, { seq: 7 }],
    [{ ok: true }, { seq: null }],
    [{ error: { code: 'not_found', message: 'No.' } }, null],
    [new Error('operation has timed out'), null],
  ])('takes %j for the answer to a subscription', async (reply, joined) => {
    const { wire, socket } = await open();
    wire.reply = reply;
    expect(await socket.subscribe('p1')).toEqual(joined);
  });

  it('stays closed once it is', async () => {
    const { wire, socket } = await open();
    wire.fire('disconnect', 'io server disconnect');
    socket.close();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(wire.closed).toBe(true);
    expect(wire.connects).toBe(0);
    expect(await socket.subscribe('p1')).toBeNull();
  });
});
