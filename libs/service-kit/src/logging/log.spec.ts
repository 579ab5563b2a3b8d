import { Writable } from 'node:stream';
import { FreshetError } from '@freshet/contracts';
import { createLog, logJob } from './log';

const lines: Record<string, unknown>[] = [];
const log = createLog(
  'sync',
  'info',
  new Writable({ write: (chunk, _encoding, done) => (lines.push(JSON.parse(String(chunk))), done()) }),
);
const fields = { job: 'sync.run', run: '5', organization: '7', attempt: 1, correlationId: 'abc' };
beforeEach(() => void lines.splice(0));

describe('the log', () => {
  it('has one start and one end line a job', async () => {
    expect(await logJob(log, fields, async () => 'done')).toBe('done');
    expect(lines).toMatchObject([
      { service: 'sync', ...fields, phase: 'start' },
      { service: 'sync', ...fields, phase: 'end', durationMs: expect.any(Number) },
    ]);
  });

  it('says of a failed job what becomes of it', async () => {
    const failure = new FreshetError('source_quota', 'Wait.');
    await expect(logJob(log, fields, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(lines[1]).toMatchObject({ phase: 'end', code: 'source_quota', verdict: 'wait' });
  });

  it('shows no secret', () => {
    log.info(
      {
        password: 'hunter22',
        config: { token: 'hunter22' },
        req: { headers: { cookie: 'hunter22', authorization: 'hunter22' } },
        res: { headers: { 'set-cookie': 'hunter22' } },
      },
      'x',
    );
    expect(JSON.stringify(lines)).not.toContain('hunter22');
  });
});
