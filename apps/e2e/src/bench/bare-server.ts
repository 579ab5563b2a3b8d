/** The least a Node server can do for a chart, as a process of its own: send bytes it has, or run one query and send its rows. */
import { spawn } from 'node:child_process';

export interface BareServer {
  port: number;
  close(): Promise<void>;
}

/** `/bytes` answers what it was given; `/query` what the query gives, as columns and rows. */
const source = `
import http from 'node:http';
import pg from 'pg';
const { BARE_BYTES, BARE_QUERY, BARE_DATABASE } = process.env;
const bytes = Buffer.from(BARE_BYTES);
const pool = new pg.Pool({ connectionString: BARE_DATABASE, max: 16 });
const send = (response, body) => {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length });
  response.end(body);
};
const server = http.createServer((request, response) => {
  request.resume().on('end', async () => {
    if (request.url === '/bytes') return send(response, bytes);
    const { fields, rows } = await pool.query({ text: BARE_QUERY, rowMode: 'array' });
    send(response, Buffer.from(JSON.stringify({ columns: fields.map(({ name }) => name), rows })));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));
process.stdin.resume().on('end', () => process.exit(0));
`;

export const startBareServer = async ({
  bytes,
  query,
  databaseUrl,
}: {
  bytes: string;
  query: string;
  databaseUrl: string;
}): Promise<BareServer> => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    env: { BARE_BYTES: bytes, BARE_QUERY: query, BARE_DATABASE: databaseUrl },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
    child.once('exit', (code) => reject(new Error(`The bare server ended with ${code}.`)));
  });
  return {
    port,
    // It lives as long as its input, so that it ends also when this process is killed.
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
};
