// Kysely's SQLite dialect over `node:sqlite`'s API. Adds what that API leaves to the caller: parameters
// become what SQLite can hold or are refused, statements are prepared once, and a rollback that SQLite has
// already made by itself is not an error. DDL is transactional here, so a migration is all or nothing.
import {
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type SqliteDatabase as KyselyDatabase,
  type SqliteStatement as KyselyStatement,
  type TransactionSettings,
} from 'kysely';
import type { SqliteDatabase } from './sqlite-module.ts';

/** About five times the number of distinct statements of the store. */
const statementLimit = 200;

export class BuiltinSqliteDialect implements Dialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  createDriver(): Driver {
    return new BuiltinSqliteDriver(this.#database);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db);
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class BuiltinSqliteDriver extends SqliteDriver {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database: asKyselyDatabase(database) });
    this.#database = database;
  }

  /** `immediate` fails at once when nothing can be written, before any work is done. */
  override async beginTransaction(_: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    this.#database.exec(settings?.accessMode === 'read only' ? 'begin' : 'begin immediate');
  }

  override async rollbackTransaction(): Promise<void> {
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }
}

function asKyselyDatabase(database: SqliteDatabase): KyselyDatabase {
  const statements = new Map<string, KyselyStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known) return known;
      if (statements.size >= statementLimit) statements.clear();
      const statement = asKyselyStatement(database, sql);
      statements.set(sql, statement);
      return statement;
    },
  };
}

function asKyselyStatement(database: SqliteDatabase, sql: string): KyselyStatement {
  const statement = database.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(bindable)),
    run: (parameters) => statement.run(...parameters.map(bindable)),
    iterate: () => {
      throw new TypeError('the store does not stream rows');
    },
  };
}

/** Left alone, one driver stores a Date or NaN as NULL in silence and reads text only up to a NUL. */
function bindable(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === undefined) return null;
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw new TypeError(
    `SQLite parameter must be text, a finite number, a boolean or null, not ${describe(value)}`,
  );
}

function describe(value: unknown): string {
  return value instanceof Date ? 'a Date: pass integer milliseconds' : `${typeof value} ${String(value)}`;
}
