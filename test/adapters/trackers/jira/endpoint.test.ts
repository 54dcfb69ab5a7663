// Every shape in which people write the address of their site.
import { expect, it } from 'vitest';
import { readEndpoint, trimBase } from '../../../../adapters/trackers/jira/endpoint.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';

function refused(text: string): TrackerError {
  try {
    readEndpoint(text);
  } catch (error) {
    if (error instanceof TrackerError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

it.each([
  ['https://acme.atlassian.net', 'https://acme.atlassian.net'],
  ['https://acme.atlassian.net/', 'https://acme.atlassian.net'],
  ['https://acme.atlassian.net///', 'https://acme.atlassian.net'],
  [' https://ACME.atlassian.net ', 'https://acme.atlassian.net'],
  ['https://jira.example.com:8443', 'https://jira.example.com:8443'],
  ['http://127.0.0.1:1234', 'http://127.0.0.1:1234'],
  ['http://[::1]:1234/', 'http://[::1]:1234'],
  ['http://localhost', 'http://localhost'],
])('takes %s', (text, base) => {
  expect(readEndpoint(text)).toEqual({ base, warning: null });
});

it('warns about a token that would travel unencrypted', () => {
  expect(readEndpoint('http://jira.example.com').warning).toContain('unencrypted; write https');
  expect(readEndpoint('http://127.evil.example').warning).toContain('unencrypted; write https');
});

it.each([
  ['', 'is not set'],
  ['   ', 'is not set'],
  ['acme.atlassian.net', 'is not an http or https address; write https://acme.atlassian.net'],
  ['//acme.atlassian.net', 'write https://acme.atlassian.net'],
  ['ftp://acme.atlassian.net', 'is not an http or https address'],
  ['https://', 'is not an http or https address'],
  ['https:///path', 'is not an http or https address'],
  [
    'https://acme.atlassian.net/rest/api/3',
    'contains /rest/api/, which is added by itself; write https://acme.atlassian.net',
  ],
  ['https://acme.atlassian.net/rest/api/', 'contains /rest/api/'],
  [
    'https://acme.atlassian.net/jira/software/projects/P/boards/1',
    "more than the site's address; write https://acme.atlassian.net",
  ],
  ['https://acme.atlassian.net?a=b', "more than the site's address"],
  ['https://acme.atlassian.net#a', "more than the site's address"],
  ['https://api.atlassian.com/ex/jira/1234-abcd', 'into jira.api_base'],
  ['https://a@b.c:s3cr3t@acme.atlassian.net', 'user name or password'],
  ['a@b.c:s3cr3t@acme.atlassian.net', 'is not an http or https address'],
  ['a@b.c:s3cr3t', 'write it like https://yourcompany.atlassian.net'],
  ['https://a@b.c:s3cr3t', 'write it like https://yourcompany.atlassian.net'],
  ['https://a:x/s3cr3t@acme.atlassian.net', 'is not an http or https address'],
  ['https://acme.atlassian.net/a@b.c:s3cr3t', "more than the site's address"],
  ['https://acme .atlassian.net', 'is not an http or https address'],
])('refuses %j', (text, what) => {
  const error = refused(text);
  expect(error.kind).toBe('tracker_payload_error');
  expect(error.message).toMatch(/^tracker: tracker_payload_error: create tracker\.endpoint: /);
  expect(error.message).toContain(what);
  expect(error.message).not.toContain('s3cr3t');
  expect(error.message).not.toContain('\n');
});

it.each([
  ['https://api.atlassian.com/ex/jira/1234-abcd/', 'https://api.atlassian.com/ex/jira/1234-abcd'],
  ['https://api.atlassian.com', 'https://api.atlassian.com'],
  ['https://api.atlassian.com/ex/jira/1/rest/api/3', null],
  ['https://u:p@api.atlassian.com', null],
  ['https://api.atlassian.com/?a=1', null],
  ['api.atlassian.com', null],
])('takes %s as an API base: %s', (text, base) => {
  expect(trimBase(text)).toBe(base);
});
