import { BadRequestException, NotFoundException } from '@nestjs/common';
import { FreshetError, problem, problems, type ProblemCode } from '@freshet/contracts';
import { problemAnswer } from './problem-document';

const now = new Date('2026-01-01T00:00:00Z');
const answer = (error: unknown) => problemAnswer(error, '/api/x', now);

describe('problem documents', () => {
  it.each(Object.keys(problems) as ProblemCode[])('has one for %s that fits its schema', (code) => {
    const { status, document } = answer(new FreshetError(code, 'A sentence.'));
    expect(problem.parse(document)).toMatchObject({
      status,
      code,
      detail: 'A sentence.',
      instance: '/api/x',
    });
    expect(status).toBe(problems[code].status);
  });

  it('carries what the error knows beside its sentence', () => {
    const error = new FreshetError('has_dependents', 'Two models read it.', {
      action: 'Confirm.',
      position: 0,
      errors: [{ path: 'a', message: 'b' }],
      extra: { dependents: ['1'], status: 200 },
    });
    expect(answer(error).document).toMatchObject({
      action: 'Confirm.',
      position: 0,
      errors: [{ path: 'a', message: 'b' }],
      dependents: ['1'],
      status: 409,
    });
  });

  it('says when to try again', () => {
    const until = new Date(now.getTime() + 1_500);
    expect(answer(new FreshetError('too_many_requests', 'Wait.', { until })).headers['retry-after']).toBe(
      '2',
    );
  });

  it('tells nothing of an error nobody foresaw', () => {
    const { document, ours } = answer(new Error('relation "secret_table" does not exist'));
    expect(ours).toBe(true);
    expect(JSON.stringify(document)).not.toContain('secret_table');
    expect(document.code).toBe('internal');
  });

  it.each([
    ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
    [
      'a server that is shutting down, wrapped',
      new Error('driver', { cause: Object.assign(new Error('x'), { code: '57P01' }) }),
    ],
  ])('is "unavailable" for %s', (_, error) => {
    expect(answer(error)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  it.each([
    [new NotFoundException('Cannot GET /api/x'), 404, 'not_found'],
    [new BadRequestException(), 400, 'invalid_input'],
    [Object.assign(new Error('big'), { expose: true, status: 413 }), 413, 'too_large'],
    [Object.assign(new SyntaxError('bad json'), { expose: true, status: 400 }), 400, 'invalid_input'],
  ])("puts the framework's own refusals into words", (error, status, code) => {
    expect(answer(error).document).toMatchObject({ status, code });
  });
});
