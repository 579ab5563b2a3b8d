/** US Eastern time as ActBlue's reports write it: the clock on the wall, without an offset. */

const wall = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** `2026-03-08 03:15:00` */
export const easternTime = (at: number): string => wall.format(at);

/** `2026-03-08` */
export const easternDate = (at: number): string => easternTime(at).slice(0, 10);

/** `2026-03-08T03:15:00-04:00`, as webhooks write it. */
export const easternWithOffset = (at: number): string => {
  const local = easternTime(at).replace(' ', 'T');
  const hours = Math.round((at - Date.parse(`${local}Z`)) / 3_600_000);
  return `${local}-0${hours}:00`;
};

/** An instant on this Eastern date, whatever the season: `minute` of 0 to 1379. */
export const onEasternDate = (date: string, minute: number): number =>
  Date.parse(`${date}T05:00:00Z`) + minute * 60_000;
