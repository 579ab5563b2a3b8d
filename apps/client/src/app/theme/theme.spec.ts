import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

const system = (dark: boolean): ((dark: boolean) => void) => {
  let changed: ((event: { matches: boolean }) => void) | undefined;
  Object.defineProperty(window, 'matchMedia', {
    configurable: true,
    value: () => ({
      matches: dark,
      addEventListener: (_: string, listener: typeof changed) => (changed = listener),
    }),
  });
  return (matches) => changed?.({ matches });
};

describe('the theme', () => {
  beforeEach(() => localStorage.clear());

  it('is what the system has, until somebody chooses', () => {
    const change = system(true);
    const theme = TestBed.inject(Theme);
    expect(theme.choice()).toBe('system');
    expect(theme.dark()).toBe(true);
    change(false);
    expect(theme.dark()).toBe(false);
    expect(document.documentElement.style.colorScheme).toBe('');
  });

  it('is remembered once chosen', () => {
    system(false);
    TestBed.inject(Theme).choose('dark');
    expect(document.documentElement.style.colorScheme).toBe('dark');
    TestBed.resetTestingModule();
    const again = TestBed.inject(Theme);
    expect(again.choice()).toBe('dark');
    expect(again.dark()).toBe(true);
    again.choose('system');
    expect(document.documentElement.style.colorScheme).toBe('');
  });
});
