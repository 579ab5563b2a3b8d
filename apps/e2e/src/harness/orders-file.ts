/** A file of orders whose truth is easy to state: exact amounts, a key, days and countries. */

export interface Order {
  id: number;
  day: string;
  country: string;
  /** Two decimals, as text: money stays exact. */
  amount: string;
}

const countries = ['AT', 'BE', 'CH', 'DE', 'DK', 'ES', 'FR', 'IT', 'NL', 'PL'];
const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));
const money = (value: bigint): string => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;

export const ordersFile = {
  make: (count: number): Order[] =>
    Array.from({ length: count }, (_, place) => ({
      id: place + 1,
      day: new Date(Date.UTC(2026, 0, 1 + (place % 300))).toISOString().slice(0, 10),
      country: countries[place % countries.length] ?? '',
      amount: money(BigInt(100 + ((place * 7_919) % 100_000))),
    })),

  write: (orders: readonly Order[]): string =>
    `id,day,country,amount\n${orders.map(({ id, day, country, amount }) => `${id},${day},${country},${amount}\n`).join('')}`,

  /** The sum of all amounts, as PostgreSQL writes it. */
  total: (orders: readonly Order[]): string =>
    money(orders.reduce((sum, { amount }) => sum + cents(amount), 0n)),
};
