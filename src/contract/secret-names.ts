// Which names of environment variables say by themselves that they hold a secret.

/** Such a variable is never passed on with the rest of its family, and its value is redacted. */
export function looksSecret(name: string): boolean {
  return /KEY|TOKEN|SECRET|PASSWORD/i.test(name);
}

const PASSWORDS = /(?:^|_)(?:PASS|PASSWD|PASSPHRASE|CREDENTIALS?|CREDS|PAT)(?:_|$)|(?:PASS|_PWD)$/i;

/** Such a variable may be passed on, but its value is redacted wherever it turns up. */
export function mayHoldSecret(name: string): boolean {
  return looksSecret(name) || PASSWORDS.test(name);
}
