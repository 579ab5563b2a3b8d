/** The pages that people see at the sandbox's sign-in: consent, errors, and what they have allowed. Plain HTML that works without scripts. */
import type { VendorAnswer } from '../stand-in';
import type { GoogleAccount } from './accounts';
import { isOfSignIn, sentenceOf } from './scopes';

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, content: string, status = 200): VendorAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f0f4f9;color:#1f1f1f}
main{max-width:32rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:1.5rem}
fieldset{border:1px solid #747775;border-radius:.75rem;margin:1rem 0;padding:.5rem 1rem}
label{display:block;padding:.4rem 0}
button{font:inherit;padding:.5rem 1.5rem;border-radius:2rem;border:1px solid #747775;background:#fff;color:#0b57d0;cursor:pointer}
button.first{background:#0b57d0;color:#fff;border-color:#0b57d0}
.sandbox{display:inline-block;background:#fff3cd;color:#5c4400;padding:0 .6rem;border-radius:1rem;font-size:.85rem}
small{color:#444746}
</style></head><body><main><p class="sandbox">Sandbox: no real Google account</p>${content}</main></body></html>`,
});

const hidden = (parameters: URLSearchParams): string =>
  [...parameters]
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');

/** @param parameters of the authorization request, sent along with the decision */
export const consentPage = (
  application: string,
  accounts: readonly GoogleAccount[],
  scopes: readonly string[],
  parameters: URLSearchParams,
): VendorAnswer => {
  const asked = scopes.filter((scope) => !isOfSignIn(scope));
  const people = accounts.map(
    ({ email, name }, place) =>
      `<label><input type="radio" name="account" value="${escaped(email)}"${place === 0 ? ' checked' : ''} required> ${escaped(name)} <small>${escaped(email)}</small></label>`,
  );
  const wishes = asked.map(
    (scope) =>
      `<label><input type="checkbox" name="granted" value="${escaped(scope)}" checked> ${escaped(sentenceOf(scope))}</label>`,
  );
  return page(
    'Sign in – Sandbox',
    `<h1>${escaped(application)} wants access to your Google Account</h1>
<form method="post" action="/o/oauth2/v2/auth">${hidden(parameters)}
<fieldset><legend>Choose an account</legend>${people.join('')}</fieldset>
${wishes.length > 0 ? `<fieldset><legend>Select what ${escaped(application)} can access</legend>${wishes.join('')}</fieldset>` : ''}
<button class="first" name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  );
};

/** Google shows these to the person and sends nobody back. */
export const errorPage = (status: number, code: string, sentence: string): VendorAnswer =>
  page(
    'Access blocked – Sandbox',
    `<h1>Access blocked: Authorization Error</h1><p>${escaped(sentence)}</p><p>Error ${status}: ${escaped(code)}</p>`,
    status,
  );

/** Stands in for the page of one's account where third-party access is taken away. */
export const connectionsPage = (
  allowed: readonly { account: GoogleAccount; scopes: readonly string[] }[],
): VendorAnswer => {
  const items = allowed.map(
    ({ account, scopes }) =>
      `<li><strong>${escaped(account.name)}</strong> <small>${escaped(account.email)}</small>
<ul>${scopes.map((scope) => `<li>${escaped(sentenceOf(scope))}</li>`).join('')}</ul>
<form method="post" action="/connections"><button name="account" value="${escaped(account.email)}">Remove access of ${escaped(account.email)}</button></form></li>`,
  );
  return page(
    'Third-party access – Sandbox',
    `<h1>Third-party apps with access</h1>${items.length > 0 ? `<ul>${items.join('')}</ul>` : '<p>No app has access to any account.</p>'}`,
  );
};
