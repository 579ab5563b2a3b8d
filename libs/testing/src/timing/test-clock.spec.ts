import { TestClock } from './test-clock';

describe('a clock that the test moves', () => {
  it('runs due timers in order of time, each seeing its own time', async () => {
    const clock = new TestClock('2026-03-01T00:00:00Z');
    const seen: string[] = [];
    const note = (name: string) => (): unknown => seen.push(`${name} at ${clock.now().getUTCSeconds()}`);
    clock.setTimeout(note('late'), 9000);
    clock.setTimeout(note('second'), 2000);
    clock.setTimeout(note('first'), 1000);
    await clock.advance(5000);
    expect(seen).toEqual(['first at 1', 'second at 2']);
    expect(clock.now()).toEqual(new Date('2026-03-01T00:00:05Z'));
    expect(clock.pending).toBe(1);
  });

  it('runs timers that a timer sets when they fall due in the same advance', async () => {
    const clock = new TestClock();
    let ticks = 0;
    const loop = async (): Promise<void> => {
      while (ticks < 10) {
        await clock.sleep(100);
        ticks++;
      }
    };
    const looping = loop();
    await clock.advance(550);
    expect(ticks).toBe(5);
    await clock.advance(450);
    await looping;
  });

  it('forgets a cleared timer and refuses to go back', async () => {
    const clock = new TestClock('2026-01-02T00:00:00Z');
    clock.clearTimeout(clock.setTimeout(() => expect(true).toBe(false), 1));
    await clock.advance(10);
    await expect(clock.advanceTo('2026-01-01T00:00:00Z')).rejects.toThrow('already shows 2026-01-02');
  });

  it('wakes a sleeper whose signal aborts', async () => {
    const clock = new TestClock();
    const controller = new AbortController();
    const sleeping = clock.sleep(1000, controller.signal);
    controller.abort();
    await sleeping;
    expect(clock.pending).toBe(0);
  });
});
