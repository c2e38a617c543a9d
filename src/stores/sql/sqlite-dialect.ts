import { type Dialect, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import type Libsql from 'libsql'

/** Kysely's dialect on a connection of libsql. Kysely leaves out that SQLite can undo changes of the schema, too; with that,
 * of several processes that migrate at once one does, and a migration that fails changes nothing. */
export const createSqliteDialect = (connection: Libsql.Database): Dialect => {
  const dialect = new SqliteDialect({ database: withStatementsKept(connection) })
  const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })
  return {
    createAdapter: () => adapter,
    createDriver: () => dialect.createDriver(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

/** Statements are parsed once. Those that may find the database locked are not kept, since libsql may leave a statement that
 * did so in the midst of its work, and the connection with it. So all writing stands between `begin immediate`, which takes
 * the lock, and `commit`. */
const withStatementsKept = (connection: Libsql.Database): SqliteDatabase => {
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

/** What is written outside of a transaction, as the migrator does, gets one of its own. */
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
  // With the lock from the beginning: who has read something first would find it changed by others, and could not go on.
  if (text === 'begin') return executed(() => connection.exec('begin immediate'))
  if (text === 'rollback') return executed(() => rollBack(connection))
  return /^(commit|create|alter|drop)\b/i.test(text) ? executed(() => connection.exec(text)) : undefined
}

const rollBack = (connection: Libsql.Database): void => {
  // An error of the disk has undone it already.
  if (connection.inTransaction) connection.exec('rollback')
}

const executed = (execute: () => unknown): SqliteStatement => {
  const run = (): { changes: number; lastInsertRowid: number } => {
    execute()
    return { changes: 0, lastInsertRowid: 0 }
  }
  return { reader: false, run, all: () => [run()], iterate: () => [][Symbol.iterator]() }
}
