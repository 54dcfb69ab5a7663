// Tables of the page as a person reads them: words in cells.

import type { Locator, Page } from 'playwright-core';

/** Each row's cells, the headings' row left out. */
export async function cellsOf(table: Locator): Promise<string[][]> {
  const rows = await table.locator('tbody tr:not(.gap)').all();
  return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
}

/** The figures behind a chart: series by name, values by step; opened when they are not. */
export async function chartFigures(
  page: Page,
  title: string,
): Promise<Record<string, Record<string, string>>> {
  const section = page.getByRole('region', { name: title, exact: true });
  const figures = page.getByRole('region', { name: `Figures of ${title}`, exact: true });
  await section.locator('summary').waitFor();
  if ((await figures.count()) === 0) await section.locator('summary').click();
  await figures.waitFor();
  const [, ...series] = await figures.locator('thead th').allInnerTexts();
  const rows = await cellsOf(figures);
  return Object.fromEntries(
    series.map((name, index) => [
      name,
      Object.fromEntries(
        rows.map(([step = '', ...values]) => [step.replace(', so far', ''), values[index] ?? '']),
      ),
    ]),
  );
}
