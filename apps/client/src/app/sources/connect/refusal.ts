/** Why a person came back from a provider without a connection, and what to do about it. Pure. */

const sentences: Readonly<Record<string, { message: string; action: string }>> = {
  denied: {
    message: 'You did not give consent, so nothing was connected.',
    action: 'Connect again and choose Allow if you want to sync this account.',
  },
  scope: {
    message: 'Freshet was not allowed to read all that this source needs.',
    action: 'Connect again and leave every box ticked.',
  },
  provider: {
    message: 'The provider did not complete the connection.',
    action: 'Try again; if it goes on, ask the operator to check the client id and the redirect address.',
  },
};

export const refusalOf = (code: string | undefined): { message: string; action: string } | null =>
  code === undefined ? null : (sentences[code] ?? sentences['provider'] ?? null);
