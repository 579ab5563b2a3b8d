import { TestBed } from '@angular/core/testing';
import { KpiFigure } from './kpi-figure';

const shown = async (provisionalFrom: string | null): Promise<HTMLElement> => {
  const fixture = TestBed.createComponent(KpiFigure);
  fixture.componentRef.setInput('result', { columns: [{ name: 'n', type: 'int8' }], rows: [['7']] });
  fixture.componentRef.setInput('provisionalFrom', provisionalFrom);
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
};

describe('a figure over values that may still be restated', () => {
  it('says so', async () =>
    expect((await shown('2026-11-19')).querySelector('[data-testid=provisional]')?.textContent).toContain(
      'provisional',
    ));

  it('is plain once all of them are settled', async () =>
    expect((await shown(null)).textContent.trim()).toBe('7'));
});
