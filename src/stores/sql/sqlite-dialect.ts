import { type Dialect, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import type Libsql from 'libsql'

/** Kysely's SQLite dialect on a libsql connection. Kysely assumes that SQLite cannot roll back schema changes, but it
 * can. With transactional DDL, concurrent processes migrate only once, and a failed migration changes nothing. */
export const createSqliteDialect = (connection: Libsql.Database): Dialect => {
  const dialect = new SqliteDialect({ database: withStatementCache(connection) })
  const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })
  return {
    createAdapter: () => adapter,
    createDriver: () => dialect.createDriver(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

/** Caches prepared statements. It never caches a statement that may find the database locked: libsql may leave such a
 * statement unfinished, and the connection with it. So every write runs between `begin immediate`, which takes the
 * lock, and `commit`. */
const withStatementCache = (connection: Libsql.Database): SqliteDatabase => {
  const statements = new Map<string, SqliteStatement>()
  const prepare = (text: string): SqliteStatement => {
    const special = specialOf(connection, text)
    if (special) return special
    const statement = statements.get(text) ?? connection.prepare(text)
    statements.set(text, statement)
    return writes.test(text) ? withLock(connection, statement) : statement
  }
  return { prepare, close: () => connection.close() }
}

const writes = /^(insert|update|delete)\b/i

/** Gives a write outside a transaction its own one. The migrator writes in that way. */
const withLock = (connection: Libsql.Database, statement: SqliteStatement): SqliteStatement => {
  const locked = <Result>(work: () => Result): Result => {
    if (connection.inTransaction) return work()
    connection.exec('begin immediate')
    try {
      const result = work()
      connection.exec('commit')
      return result
    } catch (error) {
      rollBack(connection)
      throw error
    }
  }
  return {
    reader: statement.reader,
    run: (parameters) => locked(() => statement.run(parameters)),
    all: (parameters) => locked(() => statement.all(parameters)),
    iterate: (parameters) => statement.iterate(parameters),
  }
}

const specialOf = (connection: Libsql.Database, text: string): SqliteStatement | undefined => {
  // Take the write lock at once. A transaction that reads first could not write after another writer's commit.
  if (text === 'begin') return executed(() => connection.exec('begin immediate'))
  if (text === 'rollback') return executed(() => rollBack(connection))
  return /^(commit|create|alter|drop)\b/i.test(text) ? executed(() => connection.exec(text)) : undefined
}

const rollBack = (connection: Libsql.Database): void => {
  // SQLite rolls back by itself after some errors, such as a full disk.
  if (connection.inTransaction) connection.exec('rollback')
}

const executed = (execute: () => unknown): SqliteStatement => {
  const run = (): { changes: number; lastInsertRowid: number } => {
    execute()
    return { changes: 0, lastInsertRowid: 0 }
  }
  return { reader: false, run, all: () => [run()], iterate: () => [][Symbol.iterator]() }
}
