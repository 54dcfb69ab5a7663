// A proposal as a person is making it: what was edited, kept beside what was asked for, so that each edit can be seen and
// put back, and only what differs is sent. Pure. Whether an edit is allowed is the daemon's business.

import type { WireJson, WireJsonMap } from '../wire-tools.ts';
import { isMap, isSameJson, ownValue, without } from './json-values.ts';

/** Edited fields by name; null = taken out (of an assignment: nobody). */
export type Edits = WireJsonMap;

export interface Draft {
  /** Of the fields of `details`, all but the tickets. */
  readonly fields: Edits;
  /** One for each of `details.issues`; [] = not a creation of many. */
  readonly tickets: readonly TicketDraft[];
}
export interface TicketDraft {
  readonly kept: boolean;
  readonly fields: Edits;
}

/** What is edited: `details` or one ticket, and where. null = the fields of all. */
export type Place = number | null;

export interface Asked {
  readonly action: string;
  readonly details: WireJsonMap;
}

/** The tickets of a creation of many; [] = it is none, or nothing that can be read as one. */
export function ticketsOf({ action, details }: Asked): readonly WireJsonMap[] {
  const issues = ownValue(details, 'issues');
  if (action !== 'create_issues' || !Array.isArray(issues)) return [];
  const tickets = issues as readonly WireJson[];
  return tickets.every(isMap) ? tickets : [];
}

/** How many of them would be made as asked for: only the first so many are. */
export function askedCount(asked: Asked): number {
  const count = ownValue(asked.details, 'issueCount');
  const all = ticketsOf(asked).length;
  return typeof count === 'number' ? Math.min(count, all) : all;
}

export function newDraft(asked: Asked): Draft {
  const count = askedCount(asked);
  return { fields: {}, tickets: ticketsOf(asked).map((_, at) => ({ kept: at < count, fields: {} })) };
}

export function originalOf(asked: Asked, place: Place): WireJsonMap {
  return place === null ? asked.details : (ticketsOf(asked)[place] ?? {});
}

export function editsOf(draft: Draft, place: Place): Edits {
  return place === null ? draft.fields : (draft.tickets[place]?.fields ?? {});
}

/** As it would be written; undefined = the field is not there. */
export function valueIn(original: WireJsonMap, edits: Edits, name: string): WireJson | undefined {
  return Object.hasOwn(edits, name) ? (edits[name] ?? undefined) : ownValue(original, name);
}

/** The same, of a draft; null = nobody, which only an assignment can say. */
export function currentOf(draft: Draft, asked: Asked, place: Place, name: string): WireJson | undefined {
  const value = valueIn(originalOf(asked, place), editsOf(draft, place), name);
  return value === undefined && isNobodyAWord(asked.action, name) ? null : value;
}

/** Who is assigned to nobody is so by somebody's word; everywhere else null means that the field is not there. */
export function isNobodyAWord(action: string, name: string): boolean {
  return action === 'assign_issue' && name === 'assignee';
}

/** @param value null = take it out. What is as it was asked for is no edit any more. */
export function edit(draft: Draft, asked: Asked, change: Change): Draft {
  const { place, name, value } = change;
  const original = ownValue(originalOf(asked, place), name);
  const isBack = value === null ? original === undefined || original === null : isSameJson(value, original);
  const before = without(editsOf(draft, place), name);
  const fields = isBack ? before : { ...before, [name]: value };
  return place === null
    ? { ...draft, fields }
    : { ...draft, tickets: replace(draft.tickets, place, { fields }) };
}
export interface Change {
  readonly place: Place;
  readonly name: string;
  readonly value: WireJson;
}

export function putBack(draft: Draft, place: Place, name: string): Draft {
  const fields = without(editsOf(draft, place), name);
  return place === null
    ? { ...draft, fields }
    : { ...draft, tickets: replace(draft.tickets, place, { fields }) };
}

export function keep(draft: Draft, place: number, kept: boolean): Draft {
  return { ...draft, tickets: replace(draft.tickets, place, { kept }) };
}

export function keepFirst(draft: Draft, count: number): Draft {
  return { ...draft, tickets: draft.tickets.map(({ fields }, at) => ({ kept: at < count, fields })) };
}

/** What each ticket says of its own, instead of what is said for all, is taken out of those that say it. */
export function sayForAll(draft: Draft, asked: Asked, name: string): Draft {
  const places = ticketsOf(asked).map((_, at) => at);
  return places.reduce((made, place) => edit(made, asked, { place, name, value: null }), draft);
}

/** How many of the tickets that stay say it themselves. */
export function sayThemselves(draft: Draft, asked: Asked, name: string): number {
  return ticketsOf(asked).filter(
    (ticket, at) =>
      draft.tickets[at]?.kept === true && valueIn(ticket, editsOf(draft, at), name) !== undefined,
  ).length;
}

export function keptPlaces(draft: Draft): readonly number[] {
  return draft.tickets.flatMap(({ kept }, at) => (kept ? [at] : []));
}

export function isEdited(draft: Draft, place: Place, name: string): boolean {
  return Object.hasOwn(editsOf(draft, place), name);
}

/** As the API takes it: only what differs, null for what is taken out; {} = as it was asked for. */
export function modifiedOf(draft: Draft, asked: Asked): WireJsonMap {
  return { ...draft.fields, ...modifiedTickets(draft, asked) };
}

/** The first so many need only their number; any others are given whole. */
function modifiedTickets(draft: Draft, asked: Asked): WireJsonMap {
  const tickets = ticketsOf(asked);
  if (tickets.length === 0) return {};
  const kept = keptPlaces(draft);
  const count = kept.length === askedCount(asked) ? {} : { issueCount: kept.length };
  const areFirst = kept.every((place, at) => place === at);
  const areAsked = kept.every((place) => Object.keys(editsOf(draft, place)).length === 0);
  if (areFirst && areAsked) return count;
  return { ...count, issues: kept.map((place) => applied(tickets[place] ?? {}, editsOf(draft, place))) };
}

/** With the edits; fields that were taken out are not there. */
export function applied(original: WireJsonMap, edits: Edits): WireJsonMap {
  const names = new Set([...Object.keys(original), ...Object.keys(edits)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = valueIn(original, edits, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What was decided on: as it was asked for, with what a person changed of it. */
export function decidedDetails(asked: Asked, modified: WireJsonMap | null): WireJsonMap {
  if (modified === null) return asked.details;
  const issues = ownValue(modified, 'issues');
  const isCounted = !Array.isArray(issues) || Object.hasOwn(modified, 'issueCount');
  return applied(asked.details, isCounted ? modified : { ...modified, issueCount: issues.length });
}

function replace(
  tickets: readonly TicketDraft[],
  place: number,
  part: Partial<TicketDraft>,
): readonly TicketDraft[] {
  return tickets.map((ticket, at) => (at === place ? { ...ticket, ...part } : ticket));
}
