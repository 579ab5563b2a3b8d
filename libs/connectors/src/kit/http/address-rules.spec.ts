import { addressRules, isAllowed, isPublicAddress, publicOnly } from './address-rules';

describe('isPublicAddress', () => {
  it.each([
    ['93.184.215.14', 'an ordinary address'],
    ['172.15.255.255', 'just below the private 172.16.0.0/12'],
    ['172.32.0.0', 'just above it'],
    ['100.63.255.255', 'just below carrier-grade NAT'],
    ['100.128.0.0', 'just above it'],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', 'an ordinary IPv6 address'],
    ['::ffff:93.184.215.14', 'an ordinary address inside IPv6'],
  ])('%s is public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'the end of loopback'],
    ['0.0.0.0', 'this host'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'link-local, where clouds keep their metadata'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['192.0.2.1', 'documentation'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['[::1]', 'loopback as in an address bar'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fc00::1', 'unique local'],
    ['fd12:3456:789a::1', 'unique local'],
    ['ff02::1', 'multicast'],
    ['::ffff:127.0.0.1', 'loopback inside IPv6'],
    ['::ffff:a9fe:a9fe', 'link-local inside IPv6, in hexadecimal'],
    ['::7f00:1', 'loopback in the old IPv4-compatible form'],
    ['64:ff9b::7f00:1', 'loopback through NAT64'],
    ['2002:7f00:1::', 'loopback through 6to4'],
    ['2001:0:7f00:1::', 'Teredo'],
    ['2001:db8::1', 'documentation'],
    ['4000::1', 'not assigned'],
  ])('%s is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('isAllowed', () => {
  const rules = addressRules(['127.0.0.1', ' Intranet.Example ', '10.1.0.0/16', '::1', '']);

  it.each([
    ['some.host', '127.0.0.1', true],
    ['some.host', '127.0.0.2', false],
    ['some.host', '::ffff:127.0.0.1', true],
    ['some.host', '::1', true],
    ['some.host', '10.1.255.255', true],
    ['some.host', '10.2.0.0', false],
    ['intranet.example', '192.168.0.9', true],
    ['INTRANET.example', '192.168.0.9', true],
    ['not-intranet.example', '192.168.0.9', false],
    ['some.host', '93.184.215.14', true],
  ])('%s at %s: %s', (host, address, allowed) => {
    expect(isAllowed(rules, host, address)).toBe(allowed);
  });

  it('opens nothing without a list', () => {
    expect(isAllowed(publicOnly, 'localhost', '127.0.0.1')).toBe(false);
  });

  it('names a range that is none', () => {
    expect(() => addressRules(['10.0.0.0/64'])).toThrow('10.0.0.0/64 is not a range of addresses');
  });
});
