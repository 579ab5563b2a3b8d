import { help, run } from './run';

const commandLine = async (...args: string[]) => {
  const printed: string[] = [];
  const complaints: string[] = [];
  const env = { FRESHET_DATA_DIR: '/nowhere', FRESHET_URL: 'http://127.0.0.1:1', FRESHET_API_KEY: 'k' };
  const code = await run(args, env, {
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
    width: 80,
    now: () => new Date(0),
  });
  return { code, out: printed.join('\n'), complaint: complaints.join('\n') };
};

describe('the command line', () => {
  it.each([
    ['nothing at all', [], 2, /^Usage: freshet why/],
    ['no name', ['why'], 2, /Give its name/],
    ['another command', ['where', 'x'], 2, /no command "where"/],
    ['an option it does not know', ['why', 'x', '--colour'], 2, /^Unknown option '--colour'\./],
    ['an address that is none', ['why', 'x', '--url', 'here'], 2, /"here" is no address/],
    ['an address where nothing listens', ['why', 'x'], 5, /does not answer at http:\/\/127\.0\.0\.1:1/],
  ])('with %s ends with a sentence and its code', async (_, args, code, complaint) => {
    expect(await commandLine(...args)).toEqual({
      code,
      out: '',
      complaint: expect.stringMatching(complaint),
    });
  });

  it('tells how it is used, in lines of 80 columns', async () => {
    expect(await commandLine('why', '--help')).toEqual({ code: 0, out: help, complaint: '' });
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
