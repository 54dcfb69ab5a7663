// A short, stable, non-cryptographic digest of a text: enough to notice that a person edited an issue, without
// keeping the text in the store. The core may not use node:crypto; two FNV-1a sums of 32 bits with
// different primes of mixing make an accidental collision a matter of 2^-64.

export function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return hex(a) + hex(b);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
