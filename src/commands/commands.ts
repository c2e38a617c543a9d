import { type Command, defineCommand } from './command.ts'

const database = 'The setting DATABASE_URL names the database.'

// Each command imports its function when it runs, so it never loads the packages of another command.
const table: readonly Command[] = [
  defineCommand('serve', {
    summary: 'start the server; the default without a command',
    description: `Starts the server. The settings come from the environment and from .env. docs/settings.md lists them. SIGTERM and
SIGINT stop the server within 10 seconds, after the requests in flight.`,
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
    summary: 'bring the schema of the database up to date, or show its migrations',
    description: `  up      brings the schema of the database up to date
  status  lists the applied and the pending migrations

${database} The exit status is 0 if the schema is current.`,
    options: {},
    run: async ({ argument }, context) => (await import('./migrate.ts')).migrateDatabase(argument, context),
  }),
  defineCommand('doctor', {
    summary: 'check the database',
    description: `Checks the database and does not change its data. A server may use the database meanwhile. After a crash, opening a
SQLite file moves its write-ahead log into the file. To keep the files unchanged, copy all of them first.

${database} The exit status is 1 if a check fails.`,
    options: {},
    run: async (_input, context) => (await import('./doctor.ts')).examineDatabase(context),
  }),
  defineCommand('backup', {
    argument: 'FILE',
    summary: 'copy a SQLite database, also while a server uses it',
    description: `Copies the SQLite database into a new file. A server may use the database meanwhile. The copy contains every
change that the server acknowledged before the command started.

${database}`,
    options: {},
    run: async ({ argument }, context) => (await import('./backup.ts')).backUpDatabase(argument, context),
  }),
  defineCommand('export', {
    argument: '[FILE]',
    summary: 'write all accounts and sessions to a file',
    description: `Writes all accounts, the ids of deleted accounts, and all sessions, as of one moment. Each line is one JSON object. A
server may use the database meanwhile. Without FILE, the command writes to the standard output. To keep the output of npm
out of it, run: npm run --silent sesame -- export

The file contains the password hashes. Together with SECRET_KEY, it allows anyone to create tokens of all sessions. Protect
it like the database itself. The command never overwrites a file, and only the owner of FILE may read it.

${database}`,
    options: {},
    run: async ({ argument }, context) => (await import('./export.ts')).exportDatabase(argument, context),
  }),
  defineCommand('import', {
    argument: '[FILE]',
    summary: 'add accounts and sessions from an export, or accounts from another system',
    description: `Adds the accounts and sessions of an export, or accounts from another system. Each line is one JSON object:
  {"username":"licat","password_hash":"$2b$12$...","created_at":1790000000}
created_at is optional, in seconds since 1970. The hash is argon2id, argon2i, bcrypt, scrypt or PBKDF2, in the format of PHC,
passlib or Django. Without FILE, or with -, the command reads the standard input.

The import does not change accounts and sessions that already exist. It reports the number of each line that it does not
import, and the reason. An interrupted import can be repeated.

${database} The exit status is 1 if a line was not imported.`,
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
    summary: 'check a server against the contract',
    description: `Checks a server against the contract (openapi.yaml) over HTTP. It checks every example. For every operation, it also checks
the schemas, the security, the methods and the headers. It compares every response with the contract. It signs up its own
accounts, and deletes them at the end.

Example: verify http://localhost:8000 --report junit.xml

The exit status is 1 if a check fails.`,
    options: {
      'expired-token': {
        type: 'string',
        value: 'TOKEN',
        meaning: 'an expired access token; without it, expiry is checked only if tokens expire within 10 s',
      },
      'behind-proxy': {
        type: 'boolean',
        meaning: 'skip the checks with malformed HTTP, and ignore headers that a proxy adds',
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
