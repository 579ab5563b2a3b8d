/** The time of one test, for the kit and the stand-in alike: it moves when somebody waits, and nobody really waits. */

const minute = 60_000;

export class SuiteClock {
  private time: number;

  /** By default an evening in America, when it is tomorrow in UTC, two days after clocks were put forward there. */
  constructor(start = '2026-03-11T00:30:00Z') {
    this.time = Date.parse(start);
  }

  readonly now = (): Date => new Date(this.time);

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Never goes back. */
  advanceTo(date: Date): void {
    this.time = Math.max(this.time, date.getTime());
  }

  nextDay(): void {
    this.advance(24 * 60 * minute);
  }
}
