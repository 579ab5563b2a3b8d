/** What may be asked for when a source is added or changed. */
import type { Connector } from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';

/** With consent by OAuth the credentials lie in a connection; a connector without keys takes none. */
export const requireCredentials = (connector: Connector, credentials: unknown): void => {
  if (credentials === undefined && connector.spec.auth === 'oauth2') {
    throw new FreshetError('invalid_input', `${connector.spec.name} has to be connected first.`, {
      action: 'Give the id of a connection.',
      errors: [{ path: 'connectionId', message: 'Connect an account first.' }],
    });
  }
  connector.parseCredentials(credentials ?? null);
};

export const refuseUnknownStreams = (
  streams: readonly { name: string }[],
  chosen: readonly string[] | undefined,
): void => {
  const unknown = chosen?.find((name) => !streams.some((stream) => stream.name === name));
  if (unknown === undefined) return;
  throw new FreshetError('invalid_input', `There is no stream called ${unknown}.`, {
    action: `Choose among ${streams.map(({ name }) => name).join(', ')}.`,
    errors: [{ path: 'streams', message: `There is no stream called ${unknown}.` }],
  });
};
