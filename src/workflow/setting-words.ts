// What a message about a setting says besides the value: the key's name, the check it belongs to, what was most likely
// meant, and which part of a wrong value is to blame.

import { basename } from 'node:path';
import type { FrontMatter, KeyPath } from './front-matter.ts';
import type { SettingOrigin } from './read-settings.ts';
import type { SettingFacts } from './setting.ts';
import { settingEntries } from './setting-list.ts';
import { showPlace } from './workflow-error.ts';

/** As messages and people name it: `notifications[0].url`. */
export function keyText(path: KeyPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** As messages say it: places count from 0, and rules of tools are known by their number, from 1, everywhere else. */
export function shownKey(key: string): string {
  const rule = /^tools\.rules\[(\d+)\]/.exec(key)?.[1];
  return rule === undefined ? key : `${key} (rule ${Number(rule) + 1})`;
}

/** Of a value in the front matter. */
export function writtenAt(frontMatter: FrontMatter, path: KeyPath): SettingOrigin {
  const { path: file, line } = frontMatter.locate(path);
  return { source: 'front_matter', place: showPlace({ path: basename(file), line }) };
}

/** A key of another part was most likely meant there: YAML tells by indentation alone whose a key is. */
export function elsewhere(name: string): string {
  const found = settingEntries.find(({ key }) => key.endsWith(`.${name}`) && !key.includes('[]'));
  return found === undefined ? '' : ` (did you mean ${found.key}? check the indentation)`;
}

/** The two settings that have a check of their own beside `config.*`. */
export function checkOf(key: string): string {
  return key === 'tracker.api_key' || key === 'tracker.project' ? key : `config.${key}`;
}

export function kindOf(key: string): string {
  if (key === 'tracker.api_key') return 'missing_tracker_api_key: ';
  return key === 'tracker.project' ? 'missing_tracker_project: ' : '';
}

export function advice(facts: SettingFacts, value: unknown): string {
  const isWord = typeof value === 'number' || typeof value === 'boolean';
  if (['text', 'texts', 'map'].includes(facts.shape) && isWord) return 'put it in quotes';
  if (facts.shape === 'list' && typeof value === 'string') return 'write it between [ and ]';
  return 'correct or remove it';
}

export function isTooSmall(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value <= 0;
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) && Number(value) <= 0;
}

/** The item that spoils a list; any other value is itself what is wrong. */
export function wrongItem(facts: SettingFacts, value: unknown): unknown {
  if ((facts.shape !== 'list' && facts.shape !== 'texts') || !Array.isArray(value)) return value;
  return (value as unknown[]).find(
    (item) =>
      typeof item !== 'string' ||
      item.trim() === '' ||
      item.includes('\0') ||
      facts.known?.includes(item) === false ||
      (facts.itemPattern !== undefined && !new RegExp(facts.itemPattern).test(item)),
  );
}
