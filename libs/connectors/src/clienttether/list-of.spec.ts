import { listOf } from './clienttether-api';
import { numberOf, textOf, timeOf } from './loose-values';

describe('listOf', () => {
  it.each([
    ['a list in data', '{"data":[{"client_id":"1"}]}', 1],
    ['a bare list', '[{"client_id":"1"},{"client_id":"2"}]', 2],
    ['plain text', 'No record found', 0],
    ['text as JSON', '"No Record"', 0],
    ['text where the list would be', '{"status":"success","data":"No Records Found."}', 0],
    ['a message alone', '{"message":"No record found"}', 0],
    ['an error that is none', '{"status":"error","message":"No record found"}', 0],
  ])('reads %s', (_what, text, count) => {
    expect(listOf(text)).toHaveLength(count);
  });

  it('keeps ids that a double would round', () => {
    expect(listOf('{"data":[{"client_id":9007199254740993}]}')).toEqual([{ client_id: '9007199254740993' }]);
  });

  it.each([
    '<html>No record of you</html>',
    '{"status":"success"}',
    '{"data":"something else"}',
    '{"data":{}}',
    '',
  ])('does not take %p for an empty list', (text) => {
    expect(() => listOf(text)).toThrow();
  });

  it('tells an error inside an answer that looks well', () => {
    expect(() => listOf('{"status":"error","message":"Invalid access token"}')).toThrow(
      'Invalid access token',
    );
  });
});

describe('loose values', () => {
  it.each([
    ['$125,000.50', '125000.50'],
    ['75%', '75'],
    [45, '45'],
    ['', null],
    [null, null],
    ['much', 'much'],
  ])('%p is the number %p', (value, expected) => {
    expect(numberOf({ value }, 'value')).toBe(expected);
  });

  it.each([
    ['2026-03-10 19:30:00', '2026-03-11T00:30:00Z'],
    ['3/10/2026 19:30', '2026-03-11T00:30:00Z'],
    ['2026-03-10', '2026-03-10T05:00:00Z'],
    ['0000-00-00 00:00:00', null],
    ['', null],
    ['soon', 'soon'],
  ])('%p is the time %p', (value, expected) => {
    expect(timeOf({ value }, 'America/Chicago', 'value')).toBe(expected);
  });

  it('takes the first field that holds something', () => {
    expect(textOf({ a: '', b: ' x ', c: 'y' }, 'a', 'b', 'c')).toBe('x');
  });
});
