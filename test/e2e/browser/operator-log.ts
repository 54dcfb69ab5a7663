// The operators' log as a person reads it on the Health page.

import type { Page } from 'playwright-core';

/** Word, issue, by, reason; newest first. Leads to the Health page. */
export async function operatorLog(page: Page): Promise<string[][]> {
  await page.getByRole('link', { name: 'Health', exact: true }).click();
  const rows = page.getByRole('table', { name: 'What operators told the daemon' }).locator('tbody tr');
  await rows.first().waitFor();
  const cells = await Promise.all((await rows.all()).map((row) => row.locator('th, td').allInnerTexts()));
  return cells.map(([, ...rest]) => rest);
}
