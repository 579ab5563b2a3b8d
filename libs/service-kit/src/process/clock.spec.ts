import { ScaledClock } from './clock';

describe('a clock that runs faster', () => {
  const origin = new Date('2026-03-11T12:00:00Z');
  beforeEach(() => void jest.useFakeTimers({ now: origin }));
  afterEach(() => void jest.useRealTimers());

  it('shows what others with its origin and factor show, whenever they were made', () => {
    const first = new ScaledClock(origin, 600);
    jest.advanceTimersByTime(6_000);
    const second = new ScaledClock(origin, 600);
    expect([first.now(), second.now()]).toEqual(Array(2).fill(new Date('2026-03-11T13:00:00Z')));
  });

  it('sleeps as much shorter as it is faster, so that what was waited for is over', async () => {
    const clock = new ScaledClock(origin, 600);
    const slept = clock.sleep(3_600_000).then(() => clock.now());
    await jest.advanceTimersByTimeAsync(6_000);
    await expect(slept).resolves.toEqual(new Date('2026-03-11T13:00:00Z'));
  });
});
