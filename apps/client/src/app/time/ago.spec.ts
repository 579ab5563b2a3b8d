import { TestBed } from '@angular/core/testing';
import { Ago } from './ago';
import { Clock } from './clock';
import { Countdown } from './countdown';
import { Elapsed } from './elapsed';

const text = (element: HTMLElement): string => element.textContent?.trim() ?? '';

describe('ticking times', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-11-21T14:00:00Z') }));
  afterEach(() => jest.useRealTimers());

  it('tells how long ago, and goes on telling it', () => {
    const ago = TestBed.createComponent(Ago);
    ago.componentRef.setInput('at', '2026-11-21T13:59:00Z');
    ago.detectChanges();
    expect(text(ago.nativeElement as HTMLElement)).toBe('1 min ago');
    jest.advanceTimersByTime(60_000);
    ago.detectChanges();
    expect(text(ago.nativeElement as HTMLElement)).toBe('2 min ago');
    expect((ago.nativeElement as HTMLElement).querySelector('time')?.getAttribute('datetime')).toBe(
      '2026-11-21T13:59:00Z',
    );
  });

  it('never puts into the future what has happened, whatever the clock of the server says', () => {
    const ago = TestBed.createComponent(Ago);
    ago.componentRef.setInput('at', '2026-11-21T14:00:30Z');
    ago.detectChanges();
    expect(text(ago.nativeElement as HTMLElement)).toBe('just now');
  });

  it('tells what is to come, and what is overdue', () => {
    const ago = TestBed.createComponent(Ago);
    ago.componentRef.setInput('ahead', true);
    ago.componentRef.setInput('at', '2026-11-21T14:30:00Z');
    ago.detectChanges();
    expect(text(ago.nativeElement as HTMLElement)).toBe('in 30 min');
    ago.componentRef.setInput('at', '2026-11-21T13:59:00Z');
    ago.detectChanges();
    expect(text(ago.nativeElement as HTMLElement)).toBe('any moment');
  });

  it('says "never" of what never was', () => {
    const ago = TestBed.createComponent(Ago);
    ago.componentRef.setInput('at', null);
    ago.detectChanges();
    expect(text(ago.nativeElement as HTMLElement)).toBe('never');
  });

  it('counts what runs, and stops with it', () => {
    const elapsed = TestBed.createComponent(Elapsed);
    elapsed.componentRef.setInput('since', '2026-11-21T13:59:46Z');
    elapsed.detectChanges();
    expect(text(elapsed.nativeElement as HTMLElement)).toBe('0:14');
    elapsed.componentRef.setInput('until', '2026-11-21T13:59:46.840Z');
    elapsed.detectChanges();
    expect(text(elapsed.nativeElement as HTMLElement)).toBe('0.8 s');
  });

  it('counts down to what is awaited', () => {
    const countdown = TestBed.createComponent(Countdown);
    countdown.componentRef.setInput('to', '2026-11-21T14:01:35Z');
    countdown.detectChanges();
    expect(text(countdown.nativeElement as HTMLElement)).toBe('in 1:35');
    jest.advanceTimersByTime(100_000);
    countdown.detectChanges();
    expect(text(countdown.nativeElement as HTMLElement)).toBe('any moment');
  });

  it('shares one clock', () => {
    expect(TestBed.inject(Clock).now()).toBe(Date.parse('2026-11-21T14:00:00Z'));
  });
});
