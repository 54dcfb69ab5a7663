// The loopback Jira of the benchmark, in a process of its own, so that its work is not counted as the daemon's.
// Holds 10,000 active issues. Says its URL when it listens; closes the issues whose keys it is sent.

import { addIssues, basicSite, startLoopbackJira } from '../test/loopback-jira/index.ts';

const ISSUES = 10_000;
const priorities = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

const state = basicSite();
addIssues(state, 'PROJ', ISSUES, (index) => ({
  status: index % 2 === 0 ? 'Selected for Development' : 'In Progress',
  priority: priorities[index % 5] ?? 'Medium',
  summary: `Checkout forgets the voucher when the cart is empty (${index})`,
  description: `Steps: open the cart, empty it, add a voucher – it is gone. ${'Expected: it stays. '.repeat(12)}`,
  labels: ['backend', 'checkout'],
  createdMs: Date.UTC(2026, 0, 1) + ((index * 7_919) % ISSUES) * 61_000,
}));
const jira = await startLoopbackJira({ state, settings: { checkAnswers: false } });

process.on('message', (keys: readonly string[]) => {
  for (const key of keys) jira.people.move(key, 'Done');
  process.send?.({ closed: keys.length });
});
process.once('disconnect', () => void jira.close());
process.send?.({ url: jira.url });
