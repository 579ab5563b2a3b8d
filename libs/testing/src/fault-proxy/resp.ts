/** Finds where messages of Redis' protocol end (RESP 2 and 3, redis.io/docs/reference/protocol-spec), without understanding them. */

const aggregates: Record<string, number> = { '*': 1, '~': 1, '>': 1, '%': 2, '|': 2 };
const blobs = ['$', '=', '!'];

/** The place after the message that begins at `at`; undefined while part of it is still to come. */
export const messageEnd = (data: Buffer, at = 0): number | undefined => {
  const line = data.indexOf('\r\n', at, 'latin1');
  if (line < 0) return undefined;
  const type = String.fromCharCode(data[at] ?? 0);
  const count = Number(data.toString('latin1', at + 1, line));
  let end = line + 2;
  if (blobs.includes(type)) {
    if (count >= 0) end += count + 2;
    return end <= data.length ? end : undefined;
  }
  for (let left = count * (aggregates[type] ?? 0); left > 0; left--) {
    const next = messageEnd(data, end);
    if (next === undefined) return undefined;
    end = next;
  }
  return end;
};

/** Cuts the whole messages off. */
export const splitMessages = (data: Buffer): { messages: Buffer[]; rest: Buffer } => {
  const messages: Buffer[] = [];
  let at = 0;
  for (let end = messageEnd(data, at); end !== undefined; end = messageEnd(data, at)) {
    messages.push(data.subarray(at, end));
    at = end;
  }
  return { messages, rest: data.subarray(at) };
};

/** The words of a command, as clients send it: an array of strings, or a line. */
export const wordsOf = (command: Buffer): string[] => {
  if (command[0] !== '*'.charCodeAt(0)) return command.toString('latin1').trim().split(/\s+/);
  const words: string[] = [];
  let at = command.indexOf('\r\n') + 2;
  for (let end = messageEnd(command, at); end !== undefined; end = messageEnd(command, at)) {
    words.push(command.toString('latin1', command.indexOf('\r\n', at) + 2, end - 2));
    at = end;
  }
  return words;
};
