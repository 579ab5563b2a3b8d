import fc from 'fast-check';
import { SecretBox } from './secret-box';

const box = new SecretBox('a master key that is long enough to be one');

describe('sealed secrets', () => {
  it('open to what was sealed, for the same row only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (secret, aad, other) => {
        const sealed = box.seal(secret, aad);
        expect(box.open(sealed, aad)).toBe(secret);
        if (other !== aad) expect(() => box.open(sealed, other)).toThrow('could not be opened');
      }),
      { numRuns: 50 },
    );
  });

  it('look different each time and never show the secret', () => {
    expect(box.seal('hunter22', 'row')).not.toBe(box.seal('hunter22', 'row'));
    expect(
      Buffer.from(box.seal('hunter22', 'row').split('.')[2] ?? '', 'base64url').toString('latin1'),
    ).not.toContain('hunter22');
  });

  it('do not open when a single character was changed', () => {
    const sealed = box.seal('hunter22', 'row');
    const at = sealed.length - 3;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(() => box.open(changed, 'row')).toThrow('could not be opened');
  });

  it('open after the master key was changed, as long as the former one is given', () => {
    const sealed = box.seal('hunter22', 'row');
    const next = new SecretBox('another master key of at least 32 bytes', [
      'a master key that is long enough to be one',
    ]);
    expect(next.open(sealed, 'row')).toBe('hunter22');
    expect([next.isOutdated(sealed), next.isOutdated(next.seal('x', 'row'))]).toEqual([true, false]);
    expect(() => new SecretBox('another master key of at least 32 bytes').open(sealed, 'row')).toThrow(
      'no longer known',
    );
  });
});
