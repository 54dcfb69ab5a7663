// Which names of environment variables say by themselves that they hold a secret.

/** Such a variable is never passed on with the rest of its family, and its value is redacted. */
export function looksSecret(name: string): boolean {
  return /KEY|TOKEN|SECRET|PASSWORD/i.test(name);
}
