// The block `jira:` of WORKFLOW.md, and what the tracker settings mean for Jira. Everything is checked here, before
// the first request: a setting that cannot work is refused at construction with the kind that the contract names.
import { z } from 'zod';
import { TrackerError, type TrackerContext, type TrackerErrorKind } from '../../../src/contract/tracker.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { readEndpoint, sendsInTheClear, trimBase } from './endpoint.ts';
import { checkQueryFilter } from './jql.ts';

/** The board columns of a new Jira Software project (seed default). */
export const defaultActiveStates = ['Backlog', 'Selected for Development', 'In Progress'] as const;

const wholeNumber = z.union([z.int(), z.stringFormat('integer', /^\d{1,9}$/)]).transform(Number);

const priorityNames = z
  .array(z.string().trim().min(1, 'must be the name of a priority'))
  .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, {
    message: 'must name each priority once',
  });

export const jiraSettings = z
  .object({
    api_base: z
      .string()
      .refine((text) => trimBase(text) !== null, {
        message:
          'must be a URL without /rest/api/, user or query, such as https://api.atlassian.com/ex/jira/<id>',
      })
      .describe('where requests go when not to tracker.endpoint')
      .optional(),
    cloud_id: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be "auto" or a cloud id')
      .describe(
        'sends requests through api.atlassian.com, as scoped tokens need it; `auto` asks the site for its id',
      )
      .optional(),
    user_agent: z
      .string()
      .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/, 'must be one line of ASCII text')
      .describe('header User-Agent of every request')
      .default('sortie/dev'),
    priority_order: priorityNames
      .describe('names of priorities, most urgent first; default: by their numeric ids')
      .default([]),
    max_candidate_pages: wholeNumber
      .pipe(z.int().min(1, 'must be 1 or more').max(1000, 'must be 1000 or less'))
      .describe('most pages of candidates that one poll reads')
      .prefault(20),
    settle_ms: wholeNumber
      .pipe(z.int().max(600_000, 'must be 600000 or less'))
      .describe('how long after a lost answer a write that is not found in Jira counts as not made')
      .prefault(30_000),
    webhook_secret: z.string().describe('turns POST /hooks/jira on; the secret of the webhook').default(''),
  })
  .refine(({ api_base, cloud_id }) => api_base === undefined || cloud_id === undefined, {
    path: ['cloud_id'],
    message: 'jira.api_base already says where requests go; remove one of them',
  });

/** `parkLabel` (`tracker.park_label`) may come with the context; absent it is "". */
export type JiraContext = TrackerContext & { readonly parkLabel?: string };

export interface JiraSettings {
  /** The site, for links: no slash at the end. */
  readonly browseBase: string;
  readonly apiBase: ApiBaseSetting;
  readonly credentials: Credentials;
  readonly project: string;
  readonly activeStates: readonly string[];
  readonly terminalStates: readonly string[];
  /** Trimmed; "" = none. Its brackets and quotes balance, and it has no ORDER BY. */
  readonly queryFilter: string;
  readonly userAgent: string;
  /** Most urgent first; [] = by numeric id. */
  readonly priorityOrder: readonly string[];
  readonly maxCandidatePages: number;
  readonly settleMs: number;
  /** "" = webhooks are off. */
  readonly webhookSecret: string;
  readonly richText: 'plain' | 'markdown';
  /** "" = none. */
  readonly parkLabel: string;
  /** What works but will disappoint, one line each. */
  readonly warnings: readonly string[];
}

export type ApiBaseSetting =
  | { readonly kind: 'fixed'; readonly base: string }
  | { readonly kind: 'gateway'; readonly cloudId: string }
  /** The site is asked for its cloud id. */
  | { readonly kind: 'discover' };

/** Throws TrackerError for what cannot work. No I/O. */
export function readJiraSettings(context: JiraContext): JiraSettings {
  const parsed = jiraSettings.safeParse(context.settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = ['jira', ...(issue?.path ?? [])].map(String).join('.');
    throw refusal('tracker_payload_error', key, issue?.message ?? 'is wrong');
  }
  const block = parsed.data;
  const endpoint = readEndpoint(context.endpoint);
  if (context.apiKey.trim() === '') {
    const detail = 'is not set; write email:token, with an API token from your Atlassian account settings';
    throw refusal('missing_tracker_api_key', 'tracker.api_key', detail);
  }
  const credentials = readCredentials(context.apiKey);
  const project = context.project.trim();
  if (project === '') {
    const detail = 'is not set; write the project key, such as PROJ of PROJ-42';
    throw refusal('missing_tracker_project', 'tracker.project', detail);
  }
  const apiBase = apiBaseSetting(block.api_base, block.cloud_id, endpoint.base);
  const problem = checkQueryFilter(context.queryFilter);
  if (problem !== null) throw refusal('tracker_payload_error', 'tracker.query_filter', problem);
  return {
    browseBase: endpoint.base,
    apiBase,
    credentials,
    project,
    activeStates: context.activeStates,
    terminalStates: context.terminalStates,
    queryFilter: context.queryFilter.trim(),
    userAgent: block.user_agent,
    priorityOrder: block.priority_order,
    maxCandidatePages: block.max_candidate_pages,
    settleMs: block.settle_ms,
    webhookSecret: block.webhook_secret,
    richText: context.richText,
    parkLabel: context.parkLabel ?? '',
    warnings: warningsOf(endpoint.warning, apiBase, context),
  };
}

function apiBaseSetting(
  apiBase: string | undefined,
  cloudId: string | undefined,
  site: string,
): ApiBaseSetting {
  if (apiBase !== undefined) return { kind: 'fixed', base: trimBase(apiBase) ?? apiBase };
  if (cloudId === undefined) return { kind: 'fixed', base: site };
  return cloudId.toLowerCase() === 'auto' ? { kind: 'discover' } : { kind: 'gateway', cloudId };
}

function warningsOf(
  endpointWarning: string | null,
  apiBase: ApiBaseSetting,
  { terminalStates }: JiraContext,
): string[] {
  const warnings = endpointWarning === null ? [] : [endpointWarning];
  if (apiBase.kind === 'fixed' && sendsInTheClear(apiBase.base) && endpointWarning === null) {
    warnings.push(`jira.api_base ${apiBase.base} sends the API token unencrypted; write https`);
  }
  if (terminalStates.length === 0) {
    const effect = 'blocked issues wait for ever, and no workspace is removed';
    warnings.push(`tracker.terminal_states is empty, so that ${effect}; list the states that mean done`);
  }
  return warnings;
}

/** What construction throws: `create` of a setting. */
export function refusal(kind: TrackerErrorKind, key: string, detail: string): TrackerError {
  return new TrackerError({ kind, method: 'create', path: key, detail });
}
