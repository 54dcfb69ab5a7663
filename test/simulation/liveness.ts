// Once nothing goes wrong any more, everything must come to rest: whatever may run has run, nothing is claimed but
// what is parked, every park knows what would end it, and ends when that happens.

import type { CoreState } from '../../src/core/state.ts';
import { mayRun, parkEndedBy } from './contract-rules.ts';
import type { World } from './world.ts';

/** What is still in the way of rest; [] = at rest. */
export function unrest(world: World): string[] {
  const { life, store, book } = world;
  if (life?.alive !== true || life.state === null) return ['no daemon runs'];
  if (!life.quiet()) return ['writes wait'];
  const { state } = life;
  if (state.mode !== 'running') return [`the daemon is ${state.mode}`];
  // Whoever is parked for it is what everybody else waits for.
  const refused = state.refusals.has(state.settings.agent.kind);
  const found: string[] = [];
  if (state.dispatch.mode !== 'running') found.push(`dispatch is ${state.dispatch.mode}`);
  for (const issueId of world.checks.words.held) found.push(`${issueId} is held`);
  for (const claim of state.claims.values()) {
    if (refused && claim.stage.kind === 'retry_queued') continue;
    if (claim.stage.kind !== 'parked') found.push(`${claim.identifier} is ${claim.stage.kind}`);
    else if (claim.stage.park.baseline === null && endsByChange(state, claim.issueId)) {
      if (book.read(claim.issueId) !== null) found.push(`${claim.identifier} is parked without a baseline`);
    }
  }
  for (const id of book.ids()) {
    const issue = book.read(id);
    if (issue !== null && mayRun(issue, state.settings) && !state.claims.has(id) && !refused) {
      found.push(`${issue.identifier} may run, but does not`);
    }
  }
  if (world.agentWriting.open() > 0) found.push(`${world.agentWriting.open()} writes of agents are open`);
  if (state.agentWrites.size > 0) found.push(`${state.agentWrites.size} writes of agents are remembered`);
  if (world.live.size > 0) found.push(`${world.live.size} runs live`);
  if (store.openRuns.size > 0) found.push(`${store.openRuns.size} runs are open in the store`);
  if (store.retries.size > 0 && !refused) found.push(`${store.retries.size} retries are in the store`);
  if (state.tick === null && world.checks.effects.open() > 0) {
    found.push(`${world.checks.effects.open()} effects were never answered`);
  }
  return found;
}

/** Somebody touches every parked issue; tells which of them must therefore go on. */
export function touchParked(world: World): string[] {
  const { state } = world.life ?? {};
  if (state === null || state === undefined) return [];
  const touched: string[] = [];
  for (const { issueId } of state.claims.values()) {
    if (!endsByChange(state, issueId) || world.book.read(issueId) === null) continue;
    world.book.change(issueId, 'others', { description: 'Try again, please.' });
    touched.push(issueId);
  }
  return touched;
}

/** Of those, the ones that still sit in the park they sat in. */
export function stillParked(world: World, touched: readonly string[], sinceMs: number): string[] {
  return touched.filter((issueId) => {
    const stage = world.life?.state?.claims.get(issueId)?.stage;
    return stage?.kind === 'parked' && stage.park.parkedAtMs <= sinceMs;
  });
}

function endsByChange(state: CoreState, issueId: string): boolean {
  const stage = state.claims.get(issueId)?.stage;
  return stage?.kind === 'parked' && parkEndedBy(stage.park).includes('issue_change');
}
