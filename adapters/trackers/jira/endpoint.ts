// `tracker.endpoint`: the address of the Jira Cloud site, which links and, unless `jira:` says otherwise, requests
// begin with. It is a bare origin: Jira Cloud has no other, and a path is a copied browser address.
import { TrackerError } from '../../../src/contract/tracker.ts';

export interface Endpoint {
  /** The origin: no slash at the end. */
  readonly base: string;
  /** What works but should be told; null = nothing. */
  readonly warning: string | null;
}

/** Throws `tracker_payload_error`. */
export function readEndpoint(text: string): Endpoint {
  const value = text.trim();
  if (value === '')
    throw refuse('is not set; write the address of the site, such as https://yourcompany.atlassian.net');
  const url = parse(value);
  if (url === null) {
    const shown = shownAddress(value);
    const todo =
      hasScheme(value) || value.includes('@')
        ? 'write it like https://yourcompany.atlassian.net'
        : `write https://${shown.replace(/^\/+/, '')}`;
    throw refuse(`"${shown}" is not an http or https address; ${todo}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse(
      `holds a user name or password; write ${url.origin} and put email:token into tracker.api_key`,
    );
  }
  if (/\/rest\/api(?:\/|$)/i.test(url.pathname)) {
    throw refuse(
      `"${shownAddress(value)}" contains /rest/api/, which is added by itself; write ${url.origin}`,
    );
  }
  if (/^\/ex\/jira\//i.test(url.pathname)) {
    const detail = 'is the gateway; write the address of the site here, and this one into jira.api_base';
    throw refuse(`"${shownAddress(value)}" ${detail}`);
  }
  if (/[^/]/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw refuse(`"${shownAddress(value)}" has more than the site's address; write ${url.origin}`);
  }
  const warning = `tracker.endpoint ${url.origin} sends the API token unencrypted; write https`;
  return { base: url.origin, warning: sendsInTheClear(url.origin) ? warning : null };
}

/** An API base may have a path (the gateway's has); null when it cannot be one. No slash at the end. */
export function trimBase(text: string): string | null {
  const url = parse(text.trim());
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return null;
  }
  if (/\/rest\/api(?:\/|$)/i.test(url.pathname)) return null;
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** Whether what is sent there can be read on the way. `base` is a URL. */
export function sendsInTheClear(base: string): boolean {
  const { protocol, hostname } = new URL(base);
  return protocol === 'http:' && !/^(?:localhost|.+\.localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(hostname);
}

function parse(text: string): URL | null {
  if (!/^https?:\/\/[^/\\]/i.test(text)) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && url.hostname !== '' ? url : null;
}

function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/?\//i.test(text);
}

/** Without what may be a password or a token; what holds an @ may be all of `tracker.api_key`, put in the wrong place. */
function shownAddress(text: string): string {
  const shown = text.includes('@') ? '[not shown]' : text.replace(/[?#].*$/s, '');
  // eslint-disable-next-line no-control-regex
  return shown.replace(/[\x00-\x1f\x7f"]/g, ' ').slice(0, 200);
}

function refuse(detail: string): TrackerError {
  return new TrackerError({
    kind: 'tracker_payload_error',
    method: 'create',
    path: 'tracker.endpoint',
    detail,
  });
}
