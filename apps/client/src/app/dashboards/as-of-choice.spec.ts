import { TestBed } from '@angular/core/testing';
import { clientWithoutNetwork } from '../../testing/fake-server';
import { AsOfChoice, asFieldValue } from './as-of-choice';

describe('choosing the moment a dashboard shows', () => {
  const open = (asOf: string | null) => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    const fixture = TestBed.createComponent(AsOfChoice);
    fixture.componentRef.setInput('asOf', asOf);
    const chosen: (string | null)[] = [];
    fixture.componentInstance.chosen.subscribe((moment) => chosen.push(moment));
    TestBed.tick();
    (fixture.nativeElement as HTMLElement).querySelector('button')?.click();
    TestBed.tick();
    const form = document.querySelector<HTMLFormElement>('.cdk-overlay-container form');
    if (!form) throw new Error('It did not open.');
    const press = (words: string): void =>
      [...form.querySelectorAll('button')].find((each) => each.textContent?.trim() === words)?.click();
    const enter = (value: string): void => {
      const field = form.querySelector('input');
      if (field) field.value = value;
      form.dispatchEvent(new Event('submit'));
    };
    return { chosen, press, enter };
  };

  it('takes a moment in the person’s own zone', () => {
    const moment = new Date('2026-03-01T08:30:00Z');
    const { chosen, enter } = open(null);
    enter(asFieldValue(moment));
    expect(chosen).toEqual([moment.toISOString()]);
  });

  it('takes a moment that is still to come as now', () => {
    const { chosen, enter } = open(null);
    enter('2999-01-01T00:00');
    expect(chosen).toEqual([null]);
  });

  it('goes back by a usual step in one click', () => {
    const { chosen, press } = open(null);
    const before = Date.now();
    press('1 h ago');
    expect(Math.abs(before - 3_600_000 - Date.parse(chosen[0] ?? ''))).toBeLessThan(5_000);
  });

  it('takes nothing for a field that was left empty', () => {
    const { chosen, enter } = open(null);
    enter('');
    expect(chosen).toEqual([]);
  });
});
