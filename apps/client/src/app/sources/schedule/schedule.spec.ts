import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Schedule } from '@freshet/contracts';
import { settle } from '../../../testing/fake-server';
import { describeSchedule } from './describe-schedule';
import { ScheduleField } from './schedule-field';

const schedule = (change: Partial<Schedule>): Schedule => ({
  kind: 'interval',
  timeZone: 'Europe/Berlin',
  paused: false,
  ...change,
});

describe('a schedule in words', () => {
  it.each([
    [{ kind: 'manual' }, 'by hand'],
    [{ every: 1 }, 'every minute'],
    [{ every: 45 }, 'every 45 minutes'],
    [{ every: 60 }, 'every hour'],
    [{ every: 360 }, 'every 6 hours'],
    [{ every: 1_440 }, 'every day'],
    [{ every: 30, paused: true }, 'every 30 minutes, paused'],
    [{ kind: 'daily', at: '02:00' }, 'daily at 02:00 Europe/Berlin'],
    [{ kind: 'weekly', weekday: 7, at: '02:00' }, 'every Sunday at 02:00 Europe/Berlin'],
    [{ kind: 'monthly', day: 3, at: '02:00' }, 'monthly on day 3 at 02:00 Europe/Berlin'],
    [{ kind: 'cron', cron: '0 3 * * *' }, 'cron 0 3 * * * Europe/Berlin'],
  ] as const)('%j is "%s"', (change, words) => {
    expect(describeSchedule(schedule(change))).toBe(words);
  });
});

@Component({
  imports: [ReactiveFormsModule, ScheduleField],
  template: '<fr-schedule-field [formControl]="control" />',
})
class Host {
  readonly control = new FormControl<Schedule>(schedule({ every: 45 }), { nonNullable: true });
}

describe('the schedule field', () => {
  const open = async () => {
    const host = TestBed.createComponent(Host);
    await settle();
    return { control: host.componentInstance.control, element: host.nativeElement as HTMLElement };
  };

  it('takes minutes of one’s own, up to a week', async () => {
    const { control, element } = await open();
    const minutes = element.querySelector<HTMLInputElement>('input[type=number]');
    if (!minutes) throw new Error('no field for minutes');
    expect(minutes.value).toBe('45');
    minutes.value = '90';
    minutes.dispatchEvent(new Event('input'));
    expect(control.value).toEqual(schedule({ every: 90 }));
    minutes.value = '10081';
    minutes.dispatchEvent(new Event('input'));
    expect(control.valid).toBe(false);
  });

  it('pauses without forgetting the schedule', async () => {
    const { control, element } = await open();
    element.querySelector<HTMLElement>('button[role=switch]')?.click();
    expect(control.value).toEqual(schedule({ every: 45, paused: true }));
  });

  it('shows a kind of schedule it does not edit, and leaves it alone', async () => {
    const { control, element } = await open();
    control.setValue(schedule({ kind: 'daily', at: '02:00' }));
    await settle();
    expect(element.textContent).toContain('daily at 02:00 Europe/Berlin');
    expect(control.value.kind).toBe('daily');
  });
});
