import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { problemBody } from '../../testing/fake-server';
import { ApiProblem, toApiProblem } from './api-problem';

const response = (status: number, error: unknown, headers: Record<string, string> = {}): HttpErrorResponse =>
  new HttpErrorResponse({ status, error, headers: new HttpHeaders(headers) });

describe('an API problem', () => {
  it('keeps cause, action, position and further members of a problem document', () => {
    const body = problemBody(422, 'sql_failed', 'There is no column "x".', {
      action: 'Did you mean "y"?',
      position: 7,
      dependents: [1],
    });
    const problem = toApiProblem(response(422, body));
    expect(problem).toMatchObject({
      code: 'sql_failed',
      status: 422,
      detail: 'There is no column "x".',
      action: 'Did you mean "y"?',
      position: 7,
    });
    expect(problem.document['dependents']).toEqual([1]);
  });

  it('finds the message for a field', () => {
    const problem = toApiProblem(
      response(
        400,
        problemBody(400, 'invalid_input', 'No.', {
          errors: [{ path: 'config.url', message: 'Not an address.' }],
        }),
      ),
    );
    expect(problem.at('config.url')).toBe('Not an address.');
    expect(problem.at('name')).toBeNull();
  });

  it('says when to try again, from Retry-After in seconds or as a date', () => {
    const body = problemBody(429, 'too_many_requests', 'Too many.');
    expect(toApiProblem(response(429, body, { 'Retry-After': '90' }), 1_000).retryAt).toEqual(
      new Date(91_000),
    );
    expect(
      toApiProblem(response(429, body, { 'Retry-After': 'Sat, 21 Nov 2026 14:00:00 GMT' })).retryAt,
    ).toEqual(new Date('2026-11-21T14:00:00Z'));
    expect(toApiProblem(response(429, body)).retryAt).toBeNull();
  });

  it('tells a lost connection from an error of the server', () => {
    expect(toApiProblem(response(0, null)).code).toBe('offline');
    expect(toApiProblem(response(502, '<html>')).code).toBe('internal');
    expect(toApiProblem(response(502, '<html>')).detail).toContain('502');
  });

  it('takes whatever was thrown', () => {
    expect(toApiProblem(new TypeError('x')).code).toBe('internal');
    const problem = new ApiProblem({ code: 'conflict', detail: 'No.' });
    expect(toApiProblem(problem)).toBe(problem);
  });
});
