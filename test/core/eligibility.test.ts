// Who may run, by the issue and the settings alone. Claims and slots are other questions.

import { describe, expect, it } from 'vitest';
import { judge, sameState } from '../../src/core/eligibility.ts';
import type { Issue } from '../../src/contract/index.ts';
import { issue, settings, type SettingsChange } from './issues.ts';

function verdict(facts: Partial<Issue> = {}, change: SettingsChange = {}): string {
  const { verdict: code, detail } = judge(issue('1', facts), settings(change));
  return detail === '' ? code : `${code}: ${detail}`;
}

const blocker = (state: string) => ({ id: '9', identifier: 'DEMO-9', state });

describe('eligibility', () => {
  it('lets an active issue with all its fields through', () => {
    expect(verdict()).toBe('eligible');
  });

  it.each(['id', 'identifier', 'title', 'state'] as const)('misses an empty %s', (field) => {
    expect(verdict({ [field]: '' })).toBe(`missing_field: ${field}`);
    expect(verdict({ [field]: '  ' })).toBe(`missing_field: ${field}`);
  });

  it('compares states without regard to case or surrounding blanks', () => {
    expect(verdict({ state: ' tODO ' })).toBe('eligible');
    expect(verdict({ state: 'DONE' })).toBe('state_terminal: DONE');
    expect(verdict({ state: 'todo' }, { tracker: { activeStates: [' ToDo '] } })).toBe('eligible');
    expect(sameState('In Review', ' in review')).toBe(true);
    expect(sameState('In Review', 'Review')).toBe(false);
  });

  it('refuses states that are terminal, or neither', () => {
    expect(verdict({ state: 'Canceled' })).toBe('state_terminal: Canceled');
    expect(verdict({ state: 'Backlog' })).toBe('state_not_active: Backlog');
  });

  it('takes a state that is in both lists as terminal', () => {
    expect(verdict({ state: 'Todo' }, { tracker: { terminalStates: ['todo'] } })).toBe(
      'state_terminal: Todo',
    );
  });

  it('blocks on every blocker that is not terminal, also on one whose state is unknown', () => {
    expect(verdict({ blockedBy: [blocker('done')] })).toBe('eligible');
    expect(verdict({ blockedBy: [blocker('Done'), blocker('Todo')] })).toBe('blocked_by: DEMO-9 (Todo)');
    expect(verdict({ blockedBy: [blocker('Backlog')] })).toBe('blocked_by: DEMO-9 (Backlog)');
    expect(verdict({ blockedBy: [blocker('')] })).toBe('blocked_by: DEMO-9 (state unknown)');
    expect(verdict({ blockedBy: [{ id: '9', identifier: '', state: '' }] })).toBe(
      'blocked_by: 9 (state unknown)',
    );
  });

  it('wants every required label, trimmed and without regard to case', () => {
    const change = { tracker: { requiredLabels: ['Agent ', 'ready'] } };
    expect(verdict({ labels: ['READY', ' agent'] }, change)).toBe('eligible');
    expect(verdict({ labels: ['ready'] }, change)).toBe('missing_label: Agent ');
    expect(verdict({ labels: ['agent'] }, change)).toBe('missing_label: ready');
    expect(verdict({ labels: ['agents', 'ready'] }, change)).toBe('missing_label: Agent ');
  });

  it('names the first rule that is broken: fields, state, labels, blockers', () => {
    const change = { tracker: { requiredLabels: ['agent'] } };
    const broken = { title: '', state: 'Backlog', blockedBy: [blocker('')] };
    expect(verdict(broken, change)).toBe('missing_field: title');
    expect(verdict({ ...broken, title: 't' }, change)).toBe('state_not_active: Backlog');
    expect(verdict({ ...broken, title: 't', state: 'Todo' }, change)).toBe('missing_label: agent');
    expect(verdict({ ...broken, title: 't', state: 'Todo', labels: ['agent'] }, change)).toBe(
      'blocked_by: DEMO-9 (state unknown)',
    );
  });
});
