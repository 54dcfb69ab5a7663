// Finds an SQLite for this Node: its own `node:sqlite` where that is whole, else @photostructure/sqlite,
// which has the same API with a prebuilt binary. Declares the few methods that are used, so that nothing
// else here depends on either. Both are synchronous: a call blocks until the disk has answered.

export interface SqliteStatement {
  all(...parameters: readonly unknown[]): unknown[];
  run(...parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  /** Empty for a statement that returns no rows. */
  columns(): readonly unknown[];
}

export interface SqliteDatabase {
  /** False again after SQLite rolled back by itself, as it does when the disk is full. */
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteOptions {
  /** Refuses a file that is not there, and every write. */
  readonly readOnly?: boolean;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: SqliteOptions) => SqliteDatabase;
  readonly StatementSync: { readonly prototype: object };
}

export async function loadSqlite(): Promise<(path: string, options?: SqliteOptions) => SqliteDatabase> {
  const { DatabaseSync } = builtinSqlite() ?? (await import('@photostructure/sqlite'));
  return (path, options = {}) => new DatabaseSync(path, options);
}

/** Before Node 22.16 `node:sqlite` lacks `columns` and `isTransaction`, or hides behind a flag. */
function builtinSqlite(): SqliteModule | null {
  const module = withoutExperimentalWarning(() => process.getBuiltinModule('node:sqlite')) as
    SqliteModule | undefined;
  return module && 'columns' in module.StatementSync.prototype ? module : null;
}

/** The warning is emitted while the module loads; every other warning still goes out. */
function withoutExperimentalWarning<T>(load: () => T): T {
  const original = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] === 'ExperimentalWarning' && /SQLite/i.test(String(warning))) return;
    Reflect.apply(original, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = original;
  }
}
