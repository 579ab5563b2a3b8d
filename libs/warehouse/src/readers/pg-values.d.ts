/** The part of `pg` that writes values as PostgreSQL reads them, which its own statements use and its types leave out. */
declare module 'pg/lib/utils.js' {
  const utils: { prepareValue(value: unknown): Buffer | string | null };
  export default utils;
}
