// A parsed query, before anything is looked up in the site. Positions count characters from 0.

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~' | 'in' | 'not in' | 'is' | 'is not';

export type Operand =
  | { readonly kind: 'value'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'list'; readonly items: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'empty' };

export interface Term {
  readonly kind: 'term';
  readonly field: string;
  readonly operator: Operator;
  readonly operand: Operand;
}

export type Clause =
  | Term
  | { readonly kind: 'and' | 'or'; readonly clauses: readonly Clause[] }
  | { readonly kind: 'not'; readonly clause: Clause };

export interface OrderBy {
  readonly field: string;
  /** Null when the query does not say. */
  readonly direction: 'asc' | 'desc' | null;
}

export interface Query {
  readonly where: Clause | null;
  readonly orderBy: readonly OrderBy[];
}
