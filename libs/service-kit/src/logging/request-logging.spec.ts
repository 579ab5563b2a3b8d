import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import type { Request, Response } from 'express';
import { createLog } from './log';
import { logRequests } from './request-logging';

const lines: Record<string, unknown>[] = [];
const sink = new Writable({
  write: (chunk, _encoding, done) => (lines.push(JSON.parse(String(chunk))), done()),
});
beforeEach(() => void lines.splice(0));

const answered = (level: string, statusCode: number, headers: Record<string, string> = {}): unknown => {
  const response = Object.assign(new EventEmitter(), { statusCode, setHeader: jest.fn() });
  const request = {
    method: 'GET',
    originalUrl: '/api/auth/me?token=hunter22',
    headers,
  } as unknown as Request;
  const next = jest.fn();
  void logRequests(createLog('gateway', level, sink))(request, response as unknown as Response, next);
  expect(next).toHaveBeenCalledTimes(1);
  response.emit('close');
  expect(response.setHeader).toHaveBeenCalledWith('x-correlation-id', request.id);
  return request.id;
};

describe('the log of requests', () => {
  it('tells of a successful one at level debug alone, without its query', () => {
    const id = answered('debug', 200);
    expect(lines).toMatchObject([
      {
        correlationId: id,
        req: { method: 'GET', path: '/api/auth/me' },
        res: { status: 200 },
        durationMs: expect.any(Number) as number,
      },
    ]);
    answered('info', 200);
    expect(lines).toHaveLength(1);
  });

  it('tells of one that failed by our doing at level error', () => {
    answered('warn', 503);
    answered('warn', 404);
    expect(lines).toMatchObject([{ level: 50, res: { status: 503 } }]);
  });

  it("keeps a caller's correlation id when it is one, and gives one else", () => {
    expect(answered('warn', 200, { 'x-correlation-id': 'abcd-1234' })).toBe('abcd-1234');
    expect(answered('warn', 200, { 'x-correlation-id': 'a\nb' })).toMatch(/^[0-9a-f-]{36}$/);
  });
});
