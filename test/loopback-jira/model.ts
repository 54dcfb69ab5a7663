// The words of the loopback's state: what a Jira site holds, as plain records that never change in place.
// An edit replaces the record, because the search index may still be showing the one before.
// Instants are milliseconds; documents are Atlassian Document Format, checked before they get here.

export interface Adf {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly unknown[];
}

export interface UserRecord {
  readonly accountId: string;
  readonly displayName: string;
  readonly email: string;
  /** Whether others may see the address: profiles are private by default, and Jira leaves the field out. */
  readonly emailVisible: boolean;
  readonly active: boolean;
  readonly accountType: 'atlassian' | 'app' | 'customer';
  readonly timeZone: string;
}

export interface StatusRecord {
  readonly id: string;
  readonly name: string;
  readonly category: 'new' | 'indeterminate' | 'done';
  /** The team-managed project that owns it; null for a status of the whole site. Names may repeat. */
  readonly projectId: string | null;
}

/** Their order in the state is their rank, most urgent first. */
export interface PriorityRecord {
  readonly id: string;
  readonly name: string;
}

export interface IssueTypeRecord {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
  readonly hierarchyLevel: number;
}

/** A field on a create or transition screen. */
export interface ScreenField {
  readonly fieldId: string;
  readonly required: boolean;
}

export interface TransitionRecord {
  readonly id: string;
  readonly name: string;
  /** Ids of the statuses that it starts from; `any` is what Jira calls a global transition. */
  readonly from: readonly string[] | 'any';
  readonly to: string;
  readonly screen: readonly ScreenField[];
  /** False hides it from the list and refuses it: a workflow condition that this user does not meet. */
  readonly permitted: boolean;
  /** What a workflow validator answers on every try (a 400); null when there is none. */
  readonly refusal: string | null;
}

export interface WorkflowRecord {
  readonly id: string;
  readonly name: string;
  /** The first one is where new issues start. */
  readonly statusIds: readonly string[];
  readonly transitions: readonly TransitionRecord[];
}

export interface ProjectRecord {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly leadId: string | null;
  readonly style: 'classic' | 'next-gen';
  readonly workflowId: string;
  readonly issueTypeIds: readonly string[];
  readonly componentNames: readonly string[];
  readonly createScreen: readonly ScreenField[];
}

export interface LinkTypeRecord {
  readonly id: string;
  readonly name: string;
  readonly inward: string;
  readonly outward: string;
}

/** For "Blocks": the inward issue is the blocker, the outward one is blocked by it. */
export interface LinkRecord {
  readonly id: string;
  readonly typeId: string;
  readonly inwardId: string;
  readonly outwardId: string;
}

export interface FieldRecord {
  readonly id: string;
  readonly name: string;
  readonly custom: boolean;
  readonly navigable: boolean;
  readonly searchable: boolean;
  readonly orderable: boolean;
  readonly clauseNames: readonly string[];
  readonly schema: {
    readonly type: string;
    readonly items?: string;
    readonly system?: string;
    readonly custom?: string;
    readonly customId?: number;
  };
}

export interface IssueRecord {
  readonly id: string;
  readonly key: string;
  readonly projectId: string;
  readonly summary: string;
  readonly description: Adf | null;
  readonly statusId: string;
  readonly priorityId: string | null;
  readonly issueTypeId: string;
  readonly labels: readonly string[];
  readonly components: readonly string[];
  readonly assigneeId: string | null;
  readonly reporterId: string | null;
  /** Who made it, which nothing changes. */
  readonly creatorId: string | null;
  readonly parentId: string | null;
  readonly resolution: string | null;
  readonly dueDate: string | null;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Values of custom fields by field id. */
  readonly custom: Readonly<Record<string, unknown>>;
  /** Entity properties by key: people never see them. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface CommentRecord {
  readonly id: string;
  readonly issueId: string;
  readonly authorId: string | null;
  readonly updateAuthorId: string | null;
  readonly body: Adf;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly visibility: { readonly type: 'group' | 'role'; readonly value: string } | null;
  readonly properties: readonly { readonly key: string; readonly value: unknown }[];
}

export interface WorklogRecord {
  readonly id: string;
  readonly issueId: string;
  readonly authorId: string | null;
  readonly comment: Adf | null;
  readonly startedMs: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly timeSpentSeconds: number;
  readonly properties: readonly { readonly key: string; readonly value: unknown }[];
}
