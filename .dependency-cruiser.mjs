// The folders and files of src that each folder may import besides itself. All other imports are errors, and so are
// cycles.
const shared = ['failure', 'clock', 'json', 'audit', 'caller']
const allowed = {
  contract: ['audit', 'caller', 'json'],
  accounts: ['failure', 'clock', 'audit', 'caller'],
  sessions: [...shared],
  stores: ['accounts/account-store', 'sessions/session-store', 'failure', 'clock', 'package', 'wording'],
  transfer: ['accounts', 'stores/sql', 'json'],
  operations: ['contract', 'accounts', 'sessions', 'failure', 'audit'],
  http: ['contract', 'log', ...shared],
  verify: ['contract', 'json'],
  client: ['contract'],
  mock: ['contract', 'http', 'config', 'log', ...shared],
}

// Packages that only one place may import.
const packageImporters = {
  '(koa|@koa/.+|koa-body|content-type|formidable)': '^src/http/',
  'openapi-backend': '^src/http/backend',
  '@hyperjump/json-pointer': '^src/contract/',
  jsonwebtoken: '^src/sessions/',
  '@node-rs/argon2': '^src/accounts/',
  '@node-rs/bcrypt': '^src/accounts/',
  '(kysely|pg|libsql)': '^src/stores/',
  'lru-cache': '^src/(stores|sessions)/',
  'js-yaml': '^src/contract/',
  'junit-report-builder': '^src/verify/',
  'openapi-fetch': '^src/client/',
}

const folders = Object.entries(allowed).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `${folder} may import ${others.join(', ') || 'nothing else'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [folder, ...others].map((other) => `^src/${other}[./]`) },
}))

const plain = {
  name: 'plain-modules-import-nothing',
  severity: 'error',
  from: { path: '^src/(failure|clock|json|audit|caller|package|wording)\\.ts$' },
  to: { path: '^src/' },
}

const packages = Object.entries(packageImporters).map(([name, place]) => ({
  name: `${name}-has-one-importer`,
  severity: 'error',
  from: { path: '^src/', pathNot: place },
  to: { path: `node_modules/(@types/)?${name}/` },
}))

export default {
  forbidden: [
    ...folders,
    plain,
    ...packages,
    { name: 'nothing-imports-main', severity: 'error', from: { path: '^src/' }, to: { path: '^src/main\\.ts$' } },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
