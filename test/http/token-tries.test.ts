// Counting wrong tokens, under a clock of the test: when it begins, when it ends, and that it stays small.
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createTokenTries } from '../../src/http/token-tries.ts';

function from(remoteAddress: string): Socket {
  return Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
}

it('takes nothing more after five, from that address, until a minute after the first', () => {
  let nowMs = 0;
  const tries = createTokenTries(() => nowMs);
  for (let round = 0; round < 5; round += 1) {
    tries.guard(from('10.0.0.1'));
    tries.count(from('10.0.0.1'), `guess ${round}`);
    nowMs += 1_000;
  }
  expect(() => tries.guard(from('10.0.0.1'))).toThrow('wait 55 s');
  tries.guard(from('10.0.0.2'));
  nowMs = 59_999;
  expect(() => tries.guard(from('10.0.0.1'))).toThrow('wait 1 s');
  nowMs = 60_000;
  tries.guard(from('10.0.0.1'));
  expect(tries.count(from('10.0.0.1'), 'guess 0')).toBe(true);
});

it('says once when it takes nothing more from an address, and again after the next five', () => {
  let nowMs = 0;
  const shut: string[] = [];
  const tries = createTokenTries(
    () => nowMs,
    (address) => shut.push(address),
  );
  for (let round = 0; round < 4; round += 1) tries.count(from('10.0.0.1'));
  expect(shut).toEqual([]);
  for (let round = 0; round < 4; round += 1) tries.count(from('10.0.0.1'));
  expect(shut).toEqual(['10.0.0.1']);
  nowMs = 60_000;
  for (let round = 0; round < 5; round += 1) tries.count(from('10.0.0.1'));
  expect(shut).toEqual(['10.0.0.1', '10.0.0.1']);
});

it('counts one and the same header once', () => {
  const tries = createTokenTries(() => 0);
  expect(tries.count(from('10.0.0.1'), 'old')).toBe(true);
  for (let round = 0; round < 20; round += 1) expect(tries.count(from('10.0.0.1'), 'old')).toBe(false);
  tries.guard(from('10.0.0.1'));
});

it('takes a network of IPv6 for one address', () => {
  const tries = createTokenTries(() => 0);
  for (let round = 0; round < 5; round += 1) tries.count(from(`2001:db8::${round}`));
  expect(() => tries.guard(from('2001:db8::ffff'))).toThrow('too many');
  tries.guard(from('2001:db8:0:1::1'));
});

it('forgets the oldest of more addresses than it keeps', () => {
  const tries = createTokenTries(() => 0);
  for (let round = 0; round < 5; round += 1) tries.count(from('192.0.2.1'));
  const address = (number: number): string => `10.0.${number >> 8}.${number & 255}`;
  for (let number = 0; number < 4_999; number += 1) tries.count(from(address(number)));
  expect(() => tries.guard(from('192.0.2.1'))).toThrow('too many');
  tries.count(from(address(4_999)));
  tries.guard(from('192.0.2.1'));
});
