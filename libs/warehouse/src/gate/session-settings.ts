/**
 * What the gate takes for granted of the session that its queries run in, whatever the server's own settings are. With
 * `standard_conforming_strings` off, `'\'` would not end there, and texts could hide code from the gate.
 */
export const sessionSettings: Readonly<Record<string, string>> = {
  standard_conforming_strings: 'on',
  search_path: 'pg_catalog',
  transform_null_equals: 'off',
  // Compiling takes memory, and more time than it saves below minutes.
  jit: 'off',
};

/** As the option of a connection; `RESET ALL` comes back to them. */
export const startupOptions = Object.entries(sessionSettings)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');
