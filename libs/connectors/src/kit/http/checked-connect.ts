/** Opens sockets only to allowed addresses. The check is part of connecting, so a name that resolves anew can't slip past it. */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { FreshetError } from '@freshet/contracts';
import { buildConnector } from 'undici';
import { isAllowed, isPublicAddress, type AddressRules } from './address-rules';

/** Resolves a host name to all of its addresses. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

export const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

const notAllowed = (hostname: string): FreshetError =>
  new FreshetError(
    'address_not_allowed',
    `${hostname} is not on the public internet, so Freshet does not connect to it.`,
    {
      action: 'Use a public address, or ask the operator to add the host to FRESHET_ALLOW_HOSTS.',
    },
  );

const checkedLookup =
  (rules: AddressRules, resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const allowed = addresses.filter(({ address }) => isAllowed(rules, hostname, address));
        const [first] = allowed;
        if (!first) callback(notAllowed(hostname), []);
        else if (options.all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };

/**
 * An address of this host to connect to, for what does not speak HTTP: connect to it and not to the name, which may resolve anew.
 * Throws `address_not_allowed`, or the system's error when there is no such host.
 */
export const allowedAddress = async (
  hostname: string,
  rules: AddressRules,
  resolve: Resolve,
): Promise<string> => {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(literal) === 0 ? await resolve(literal) : [{ address: literal }];
  const found = addresses.find(({ address }) => isAllowed(rules, literal, address));
  if (found) return found.address;
  throw notAllowed(literal);
};

export interface CheckedConnectOptions {
  rules: AddressRules;
  resolve: Resolve;
  /** Milliseconds. */
  timeout: number;
  /** Told for each new connection whether it went to the public internet. */
  onConnected(origin: string, isPublic: boolean): void;
}

/** A connector for an undici Agent. */
export const checkedConnect = ({
  rules,
  resolve,
  timeout,
  onConnected,
}: CheckedConnectOptions): buildConnector.connector => {
  const connect = buildConnector({ timeout, lookup: checkedLookup(rules, resolve), allowH2: false });
  return (options, callback) => {
    // Node does not look up a host that is an address already, so those are checked here.
    const literal = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !isAllowed(rules, literal, literal)) {
      callback(notAllowed(literal), null);
      return;
    }
    connect(options, (...result) => {
      const socket = result[1];
      if (socket?.remoteAddress !== undefined) {
        const port = options.port || (options.protocol === 'https:' ? '443' : '80');
        const origin = `${options.protocol}//${options.hostname}:${port}`;
        onConnected(origin, isPublicAddress(socket.remoteAddress));
      }
      callback(...result);
    });
  };
};
