import { type Command, defineCommand } from './command.ts'

const database = 'The database is that of DATABASE_URL, in the environment or in .env.'

// Each function is imported when it runs, so that a command never waits for the packages of another one.
const table: readonly Command[] = [
  defineCommand('serve', {
    summary: 'serve until stopped; without a command, sesame does the same',
    description: `Serves the contract until it is stopped. The settings come from the environment and from .env: docs/settings.md lists
them. SIGTERM and SIGINT stop the server within 10 seconds: it finishes the requests in flight first.`,
    options: {},
    run: async (_input, context) => (await import('./serve.ts')).serve(context),
  }),
  defineCommand('init', {
    summary: 'write a .env with a new SECRET_KEY',
    description: `Writes a file .env into the current folder: production mode, a new random SECRET_KEY and the store. Servers that start in
this folder read it, so tokens stay valid after a restart. Only the owner may read the file, and the command never overwrites it.`,
    options: {
      'database-url': {
        type: 'string',
        default: 'sqlite:./sesame.db',
        value: 'URL',
        meaning: 'the DATABASE_URL, sqlite:./sesame.db by default',
      },
      issuer: { type: 'string', value: 'URL', meaning: 'the public URL of the service, which PostgreSQL requires' },
      development: { type: 'boolean', meaning: 'development mode: short passwords, any localhost origin' },
    },
    run: async ({ options }, context) => (await import('./init.ts')).initialise(options, context),
  }),
  defineCommand('migrate', {
    argument: 'up|status',
    summary: 'bring the schema of the database up to date, or show its state',
    description: `  up      brings the schema of the database up to date
  status  shows which migrations were applied, and which are pending

${database} The exit status is 0 when the schema is current.`,
    options: {},
    run: async ({ argument }, context) => (await import('./migrate.ts')).migrateDatabase(argument, context),
  }),
  defineCommand('doctor', {
    summary: 'check the database',
    description: `Checks the database and leaves its data as it is. A server may use the database meanwhile. After a crash, opening a SQLite
file moves its write-ahead log into the file. Copy all its files first to keep them as they are.

${database} The exit status is 1 when a check has failed.`,
    options: {},
    run: async (_input, context) => (await import('./doctor.ts')).examineDatabase(context),
  }),
  defineCommand('backup', {
    argument: 'FILE',
    summary: 'copy a SQLite database, also while a server uses it',
    description: `Copies the SQLite database into a new file. A server may use the database meanwhile. The copy holds everything that was
acknowledged before the command started.

${database}`,
    options: {},
    run: async ({ argument }, context) => (await import('./backup.ts')).backUpDatabase(argument, context),
  }),
  defineCommand('export', {
    argument: '[FILE]',
    summary: 'write all accounts and sessions to a file',
    description: `Writes all accounts, the ids of the deleted ones, and all sessions as they are at one moment, one JSON object a line. A
server may use the database meanwhile. Without FILE, the lines go to the standard output. There npm writes lines of its own
unless you run: npm run --silent sesame -- export

The file holds the password hashes. With SECRET_KEY, it is enough to make the tokens of all sessions. Protect it like the
database itself. The command never overwrites a file, and only the owner of FILE may read it.

${database}`,
    options: {},
    run: async ({ argument }, context) => (await import('./export.ts')).exportDatabase(argument, context),
  }),
  defineCommand('import', {
    argument: '[FILE]',
    summary: 'add accounts and sessions from an export, or accounts from elsewhere',
    description: `Adds what \`export\` has written, or accounts from elsewhere, one JSON object a line:
  {"username":"licat","password_hash":"$2b$12$...","created_at":1790000000}
created_at, in seconds since 1970, may be left out. The hash is argon2id, argon2i, bcrypt, scrypt or PBKDF2, as PHC, passlib or
Django write it. Without FILE, or with -, the lines come from the standard input.

Accounts and sessions that exist already stay as they are. Each line that is not imported is reported with its number and
the reason. An interrupted import can be repeated.

${database} The exit status is 1 when a line was not imported.`,
    options: {
      atomic: {
        type: 'boolean',
        meaning: 'import all lines or none; a SQLite database accepts no other writes meanwhile',
      },
    },
    run: async ({ argument, options }, context) =>
      (await import('./import.ts')).importFile(argument, { isAtomic: options.atomic ?? false }, context),
  }),
  defineCommand('verify', {
    argument: 'BASE_URL',
    summary: 'run the contract against a server',
    description: `Runs the contract (openapi.yaml) against a server over HTTP. It checks every example. For every operation it also checks the
schemas, the security, the methods and the headers. It compares every response with the contract. It signs up accounts of its own, and deletes them at the end.

Example: verify http://localhost:8000 --report junit.xml

The exit status is 1 when a check has failed.`,
    options: {
      'expired-token': {
        type: 'string',
        value: 'TOKEN',
        meaning: 'an expired access token; without it, expiry is checked only if tokens expire within 10 s',
      },
      'behind-proxy': {
        type: 'boolean',
        meaning: 'skip the checks of bad HTTP, and ignore headers that a proxy adds',
      },
      timeout: {
        type: 'string',
        default: '10',
        value: 'SECONDS',
        meaning: 'how long a response may take, 10 by default',
      },
      all: {
        type: 'boolean',
        meaning: 'run every check, even if the server does not respond like this service at all',
      },
      report: { type: 'string', value: 'FILE', meaning: 'also write the results as JUnit XML' },
    },
    run: async ({ argument, options }, context) =>
      (await import('./verify.ts')).verifyServer(argument, options, context),
  }),
]

export const commands: ReadonlyMap<string, Command> = new Map(table.map((command) => [command.name, command]))
