/** Meta's login dialog: checks what an application asks for, asks the person, and sends them back with a code. Plain HTML without scripts. */
import type { VendorAnswer, VendorRequest } from '../stand-in';
import { metaScopes, type MetaPerson } from './people';
import type { MetaTokens } from './tokens';

export interface MetaApp {
  id: string;
  secret: string;
  /** As the dialog calls it. */
  name: string;
  /** Registered besides those on loopback. */
  redirectUris: readonly string[];
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, content: string, status = 200): VendorAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f0f2f5;color:#1c1e21}
main{max-width:32rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:.5rem}
fieldset{border:1px solid #65676b;border-radius:.5rem;margin:1rem 0;padding:.5rem 1rem}
label{display:block;padding:.4rem 0}
button{font:inherit;padding:.5rem 1.5rem;border-radius:.4rem;border:1px solid #65676b;background:#fff;color:#1c1e21;cursor:pointer}
button.first{background:#0a5dc2;color:#fff;border-color:#0a5dc2}
.sandbox{display:inline-block;background:#fff3cd;color:#5c4400;padding:0 .6rem;border-radius:1rem;font-size:.85rem}
</style></head><body><main><p class="sandbox">Sandbox: no real Facebook account</p>${content}</main></body></html>`,
});

const errorPage = (sentence: string): VendorAnswer =>
  page('Error – Sandbox', `<h1>Sorry, something went wrong.</h1><p>${escaped(sentence)}</p>`, 400);

const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/api\/oauth\/meta\/callback$/;

const scopesOf = (parameters: URLSearchParams): string[] =>
  (parameters.get('scope') ?? '').split(/[ ,]+/).filter((scope) => scope !== '');

/** What Meta shows instead of the dialog; null when the request is sound. */
const fault = (app: MetaApp, parameters: URLSearchParams): VendorAnswer | null => {
  const given = (name: string): string => parameters.get(name) ?? '';
  if (given('client_id') !== app.id)
    return errorPage('Invalid App ID: the provided app ID does not look like a valid app ID.');
  if (!loopback.test(given('redirect_uri')) && !app.redirectUris.includes(given('redirect_uri'))) {
    return errorPage(
      'URL blocked: this redirect failed because the redirect URI is not white-listed in the app’s client OAuth settings.',
    );
  }
  if (!['', 'code'].includes(given('response_type'))) return errorPage('Invalid response_type.');
  const unknown = scopesOf(parameters).filter((scope) => !(scope in metaScopes));
  if (unknown.length > 0) return errorPage(`Invalid Scopes: ${unknown.join(', ')}.`);
  if (parameters.has('code_challenge') && given('code_challenge_method') !== 'S256') {
    return errorPage('Invalid code_challenge_method: use S256.');
  }
  return null;
};

export const askConsent = (
  app: MetaApp,
  people: readonly MetaPerson[],
  { query, path }: VendorRequest,
): VendorAnswer => {
  const wrong = fault(app, query);
  if (wrong) return wrong;
  const hidden = [...query].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const persons = people.map(
    ({ id, name }, place) =>
      `<label><input type="radio" name="user" value="${escaped(id)}"${place === 0 ? ' checked' : ''} required> ${escaped(name)}</label>`,
  );
  const wishes = scopesOf(query).map(
    (scope) =>
      `<label><input type="checkbox" name="granted" value="${escaped(scope)}" checked> ${escaped(metaScopes[scope] ?? scope)}</label>`,
  );
  return page(
    'Log in with Facebook – Sandbox',
    `<h1>${escaped(app.name)} is requesting access to your ads</h1>
<form method="post" action="${escaped(path)}">${hidden.join('')}
<fieldset><legend>Continue as</legend>${persons.join('')}</fieldset>
<fieldset><legend>What ${escaped(app.name)} is allowed to do</legend>${wishes.join('')}</fieldset>
<button class="first" name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  );
};

const back = (uri: string, answer: Record<string, string | null>): VendorAnswer => {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(answer)) if (value !== null) url.searchParams.set(name, value);
  return { status: 302, body: '', headers: { location: url.href, 'cache-control': 'no-store' } };
};

const ofDecision = ['user', 'granted', 'decision'];

export const decide = (
  app: MetaApp,
  people: readonly MetaPerson[],
  tokens: MetaTokens,
  { body }: VendorRequest,
): VendorAnswer => {
  const form = new URLSearchParams(body);
  const parameters = new URLSearchParams([...form].filter(([name]) => !ofDecision.includes(name)));
  const wrong = fault(app, parameters);
  if (wrong) return wrong;
  const redirectUri = parameters.get('redirect_uri') ?? '';
  const state = parameters.get('state');
  if (form.get('decision') !== 'allow') {
    return back(redirectUri, {
      error: 'access_denied',
      error_code: '200',
      error_description: 'Permissions error',
      error_reason: 'user_denied',
      state,
    });
  }
  const user = people.find(({ id }) => id === form.get('user'))?.id;
  if (user === undefined) return errorPage('Choose one of the people.');
  const scopes = scopesOf(parameters).filter((scope) => form.getAll('granted').includes(scope));
  return back(redirectUri, {
    code: tokens.makeCode({ user, scopes, redirectUri, challenge: parameters.get('code_challenge') }),
    state,
  });
};
