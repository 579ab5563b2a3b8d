import { entryChanges, entryOf, entryTrouble, howRead, isSameTable, nameOf, typedEntry, whatNext } from './stream-entry'; // prettier-ignore

const orders = { name: 'orders', table: 'public.orders', key: ['id'], cursor: 'updated_at', lookback: 300 };
const paid = { name: 'paid', query: 'SELECT 1', key: [] };

describe('an entry of a database', () => {
  it('is called by its name, or as its table', () => {
    expect([orders, { table: 'sales."Items"' }].map(nameOf)).toEqual(['orders', 'Items']);
  });

  it('is of a table however that is written, and not of one of the same name elsewhere', () => {
    expect(isSameTable({ table: 'orders' }, orders)).toBe(true);
    expect(isSameTable({ table: 'b.orders' }, orders)).toBe(false);
    expect(isSameTable(paid, { query: 'SELECT 1' })).toBe(false);
  });

  it('keeps what its form does not show', () => {
    expect(entryOf(typedEntry(orders), orders)).toEqual(orders);
    const typed = { ...typedEntry(orders), key: 'id, line', cursor: ' ', mode: 'upsert' };
    expect(entryOf(typed, orders)).toEqual({
      name: 'orders', table: 'public.orders', key: ['id', 'line'], mode: 'upsert', lookback: 300,
    }); // prettier-ignore
  });

  it('says how it is read', () => {
    expect(howRead(orders)).toBe('public.orders · key id · read on by updated_at');
    expect(howRead({ ...paid, mode: 'append' })).toBe('no key · read whole · rows are only added');
  });
});

describe('changes of entries', () => {
  it('are told by name, whatever their order and that of their parts', () => {
    const same = { cursor: 'updated_at', lookback: 300, key: ['id'], table: 'public.orders', name: 'orders' };
    expect(entryChanges([orders, paid], [paid, same])).toEqual({ added: [], changed: [], removed: [] });
    const changes = entryChanges([orders, paid], [{ ...orders, key: ['number'] }, { table: 'b.items' }]);
    expect(changes).toEqual({ added: ['items'], changed: ['orders'], removed: ['paid'] });
  });

  it('are followed by what happens next', () => {
    expect(whatNext({ added: [], changed: [], removed: [] })).toBe('Saved.');
    const gone = { added: [], changed: [], removed: ['e'] };
    expect(whatNext(gone, true)).toBe('Saved. e was removed. The sync under way was stopped.');
    expect(whatNext({ added: ['a', 'b', 'c'], changed: ['d'], removed: ['e', 'f'] })).toBe(
      'Saved. The next sync reads a, b and c for the first time, and d anew, as changed. Until then its rows stay as they are. e and f were removed.',
    );
  });

  it('are refused by name, and nothing else is taken for a refusal of them', () => {
    const about = (path: string) => entryTrouble({ errors: [{ path, message: 'Give a key.' }] }, [paid, orders]); // prettier-ignore
    expect(about('config.streams.1.key')?.message).toBe('orders: Give a key.');
    expect(about('config.streams')?.message).toBe('Give a key.');
    expect(about('config.streamsPerDay')).toBeNull();
  });
});
