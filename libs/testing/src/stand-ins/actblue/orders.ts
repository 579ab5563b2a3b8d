/** The orders that the sandbox's dice give for a date: who gave what to whom, and for how long. */
import { chanceOf, dayNumber, oneOf, seasonOf, wholeBetween, type Chance } from '../../market';
import { donorOf, donorPool, linkOf, type Committee, type Donor } from './donors';
import { onEasternDate } from './eastern';

export interface Order {
  receiptId: string;
  donor: Donor;
  page: string;
  refcode: string;
  refcode2: string;
  period: 'once' | 'monthly';
  startedAt: number;
  /** Of a recurring order; null while it goes on. */
  cancelledAt: number | null;
  reason: string;
  mobile: boolean;
  expressLane: boolean;
  paypal: boolean;
  textOptIn: string;
  parts: readonly { committee: Committee; cents: number }[];
  /** Ids of its line items begin with this. */
  number: bigint;
}

export interface WorldOptions {
  seed: string | number;
  /** 1 gives about 40 orders a day. */
  scale: number;
  committees: readonly [Committee, Committee];
}

const amounts = [500, 1000, 1500, 2500, 2700, 5000, 10_000, 25_000, 330_000] as const;
const reasons = ['donor_request', 'card_declined', 'expired_card'] as const;
const dayLength = 86_400_000;

/** Beyond what a double holds, as ids may be. */
const idBase = 9_007_199_254_740_993n;

interface Rolls {
  /** By Eastern date; `series` are the recurring ones among them. */
  orders: Map<string, Order[]>;
  series: Map<string, Order[]>;
}

const rollsOf = new Map<string, Rolls>();

export const remembered = <T>(memory: Map<string, T>, name: string, make: () => T): T => {
  const made = memory.get(name) ?? make();
  memory.set(name, made);
  return made;
};

export class Orders {
  readonly chance: Chance;
  /** They are the same for all with these options, so they are rolled once in a process. */
  private readonly rolls: Rolls;

  constructor(private readonly options: WorldOptions) {
    const { seed, scale, committees } = options;
    this.chance = chanceOf(seed);
    const name = [seed, scale, ...committees.map(({ entityId }) => entityId)].join(' ');
    this.rolls = remembered(rollsOf, name, () => ({ orders: new Map(), series: new Map() }));
  }

  begunOn(date: string): Order[] {
    return remembered(this.rolls.orders, date, () =>
      Array.from({ length: this.countOn(date) }, (_, number) => this.roll(date, number)),
    );
  }

  /** The recurring ones among them. */
  seriesOf(date: string): Order[] {
    return remembered(this.rolls.series, date, () =>
      Array.from({ length: this.countOn(date) }, (_, number) => number)
        .filter((number) => this.isMonthly(date, number))
        .map((number) => this.roll(date, number)),
    );
  }

  /** An order that nobody rolled dice for. */
  special(place: number, order: Partial<Order> & { startedAt: number }): Order {
    const [committee] = this.options.committees;
    return {
      receiptId: `AB99000${place}`,
      donor: donorOf(donorPool + place, this.chance),
      page: 'sandbox-website',
      refcode: 'website_header',
      refcode2: '',
      period: 'once',
      cancelledAt: null,
      reason: '',
      mobile: false,
      expressLane: false,
      paypal: false,
      textOptIn: 'unknown',
      parts: [{ committee, cents: 2_500 }],
      number: idBase * 2n + BigInt(place) * 1_000n,
      ...order,
    };
  }

  private countOn(date: string): number {
    return Math.round(40 * this.options.scale * seasonOf(date, this.chance));
  }

  private isMonthly(date: string, number: number): boolean {
    return this.chance('order', date, number, 'recurring') < 0.12;
  }

  private roll(date: string, number: number): Order {
    const pick = (what: string): number => this.chance('order', date, number, what);
    const [first, second] = this.options.committees;
    const startedAt = onEasternDate(date, Math.floor(pick('minute') * 1380));
    const cents = oneOf(pick('amount') ** 2, amounts) + (pick('odd') < 0.1 ? 33 : 0);
    const isMonthly = this.isMonthly(date, number);
    const ends = pick('ends') < 0.6;
    const lasted = wholeBetween(pick('lasted'), 5, 300) * dayLength;
    const link = linkOf(pick('link'));
    const isSplit = pick('split') < 0.15;
    const serial = BigInt(dayNumber(date)) * 100_000n + BigInt(number);
    return {
      receiptId: `AB${serial}`,
      donor: donorOf(Math.floor(pick('donor') ** 2 * donorPool), this.chance),
      page: link.page,
      refcode: link.refcode,
      refcode2: link.refcode2,
      period: isMonthly ? 'monthly' : 'once',
      startedAt,
      cancelledAt: isMonthly && ends ? startedAt + lasted : null,
      reason: oneOf(pick('reason'), reasons),
      mobile: pick('mobile') < 0.6,
      expressLane: pick('express') < 0.3,
      paypal: pick('paypal') < 0.1,
      textOptIn: pick('text') < 0.4 ? 'opt_in' : 'unknown',
      parts: isSplit
        ? [
            { committee: first, cents },
            { committee: second, cents: Math.ceil(cents / 2) },
          ]
        : [{ committee: pick('committee') < 0.75 ? first : second, cents }],
      number: idBase + serial * 1_000n,
    };
  }
}
