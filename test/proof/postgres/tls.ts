// Connects to PostgreSQL by TLS. The URL says which certificates and names the service may accept.
import type { Prove } from '../proof.ts'
import { emptyFolder, main, systemEnvironment } from '../../support/process.ts'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { ask, type Cluster, openCluster } from './cluster.ts'

export const proveTls: Prove = async () => {
  const folder = emptyFolder()
  chmodSync(folder, 0o755)
  const key = join(folder, 'key.pem')
  const certificate = join(folder, 'certificate.pem')
  const other = join(folder, 'other.pem')
  const make = (...words: readonly string[]): Buffer =>
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...words], { stdio: 'ignore' })
  make('-keyout', key, '-out', certificate, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost')
  make('-keyout', join(folder, 'other-key.pem'), '-out', other, '-subj', '/CN=localhost')
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', key])
  const cluster = await openCluster('-c ssl=on', `-c ssl_cert_file=${certificate}`, `-c ssl_key_file=${key}`)
  const plain = await openCluster()

  const at = ({ url }: Cluster, host: string, query: string): string => {
    const changed = new URL(url)
    changed.hostname = host
    changed.search = query
    return changed.href
  }
  const full = `sslmode=verify-full&sslrootcert=${certificate}`
  const cases: readonly (readonly [what: string, url: string, wanted: RegExp])[] = [
    ['the certificate of the server, and its name', at(cluster, 'localhost', full), /^The schema is current|^applied/m],
    [
      'another certificate',
      at(cluster, 'localhost', `sslmode=verify-full&sslrootcert=${other}`),
      /self-signed|SELF_SIGNED|signature/i,
    ],
    ['the authorities of the system', at(cluster, 'localhost', 'sslmode=verify-full'), /self-signed|SELF_SIGNED/i],
    [
      'the authorities of the system, by require',
      at(cluster, 'localhost', 'sslmode=require'),
      /self-signed|SELF_SIGNED/i,
    ],
    ['another name', at(cluster, '127.0.0.1', full), /altname|does not match/i],
    ['a server without TLS', at(plain, 'localhost', full), /does not support SSL/],
  ]
  const rows = cases.map(([what, url, wanted]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [main, 'migrate', 'up'], {
      cwd: emptyFolder(),
      env: { ...systemEnvironment(), DATABASE_URL: url },
      encoding: 'utf8',
    })
    return {
      what,
      status,
      said: `${stdout}${stderr}`.trim().split('\n')[0] ?? '',
      isAsWanted: wanted.test(`${stdout}${stderr}`),
    }
  })
  const used = await isEncrypted(at(cluster, 'localhost', full))
  cluster.stop()
  plain.stop()
  const [first, ...others] = rows
  return [
    {
      passed:
        rows.every(({ isAsWanted }) => isAsWanted) &&
        first?.status === 0 &&
        others.every(({ status }) => status === 1) &&
        used,
      text: 'sslmode=verify-full takes the server with the certificate and the name that it is to have, and no other:',
      table: rows.map(({ what, status, said }) => ({ 'checked against': what, status: String(status), said })),
    },
  ]
}

const isEncrypted = async (url: string): Promise<boolean> => {
  const [row] = await ask(url, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()')
  return row.ssl
}
