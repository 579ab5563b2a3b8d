import { errorRange, lineAndColumn } from './sql-error';

const marked = (text: string, position: number | null): string | null => {
  const range = errorRange(text, position);
  return range && text.slice(range.from, range.to);
};

describe('marking an error', () => {
  const text = 'select sesions\nfrom ga_main.traffic';
  it('marks the word that the position begins', () => expect(marked(text, 7)).toBe('sesions'));
  it('marks the whole word from inside it', () => expect(marked(text, 10)).toBe('sesions'));
  it('marks a sign by itself', () => expect(marked('select 1 +', 9)).toBe('+'));
  it('marks the last word when the text ended too early', () =>
    expect(marked('select 1 from  ', 15)).toBe('from'));
  it('marks names with letters of any script', () => expect(marked('select größe', 7)).toBe('größe'));
  it('marks nothing without a position or without text', () => {
    expect(errorRange(text, null)).toBeNull();
    expect(errorRange('  ', 1)).toBeNull();
  });
});

describe('telling a position', () => {
  it('counts lines and columns from 1', () => {
    expect(lineAndColumn('select a\nfrom b', 0)).toBe('line 1, column 1');
    expect(lineAndColumn('select a\nfrom b', 14)).toBe('line 2, column 6');
  });
});
