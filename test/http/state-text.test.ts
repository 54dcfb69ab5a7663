// The state's text: made once for everybody, anew when anything that it shows has changed.
import { beforeEach, expect, it } from 'vitest';
import { createStateText, type StateText } from '../../src/http/state-text.ts';
import { fakeDaemon, NOW_MS, type FakeDaemon } from './fake-daemon.ts';

let daemon: FakeDaemon;
let nowMs: number;
let secret: string;
let redactions: number;
let text: StateText;

beforeEach(() => {
  daemon = fakeDaemon();
  [nowMs, secret, redactions] = [0, '', 0];
  text = createStateText({
    view: daemon.view,
    redact: (said) => {
      redactions += 1;
      return secret === '' ? said : said.replaceAll(secret, '[redacted]');
    },
    monotonicMs: () => nowMs,
  });
});

it('is the same text, made once, while nothing changes', () => {
  const first = text();
  const before = redactions;
  expect(text()).toBe(first);
  expect(redactions).toBe(before);
  expect(JSON.parse(first)).toMatchObject({ counts: { running: 1 } });
});

it('is made anew for another snapshot', () => {
  text();
  daemon.change({ running: [] });
  expect(JSON.parse(text())).toMatchObject({ counts: { running: 0 } });
});

it('is made anew for what is shown besides the snapshot', () => {
  text();
  daemon.readiness = { ...daemon.readiness, reloadError: 'unclosed fence' };
  expect(JSON.parse(text())).toMatchObject({ reload_error: 'unclosed fence' });
  daemon.readiness = { ...daemon.readiness, trackerError: { atMs: NOW_MS, message: 'timeout' } };
  expect(JSON.parse(text())).toMatchObject({ tracker: { error: { message: 'timeout' } } });
  daemon.readiness = { ...daemon.readiness, workflowLoadedAtMs: NOW_MS };
  expect(JSON.parse(text())).toMatchObject({ workflow_loaded_at: '2026-11-22T09:30:00.000Z' });
});

it('is not made anew for the clock alone', () => {
  const first = text();
  daemon.readiness = { ...daemon.readiness, uptimeSeconds: 999 };
  expect(text()).toBe(first);
});

it('loses a secret that was learnt meanwhile, within a second', () => {
  expect(text()).toContain('voucher');
  secret = 'voucher';
  nowMs = 1_001;
  expect(text()).not.toContain('voucher');
});

it('is refused before there is a snapshot', () => {
  daemon.snapshot = null;
  expect(() => text()).toThrow('recovering');
});
