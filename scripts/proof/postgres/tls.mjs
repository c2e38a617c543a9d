// TLS to the database, as the URL asks for it.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from '../at-exit.mjs'
import { sesame } from '../server.mjs'
import { ask, openCluster } from './cluster.mjs'

export const proveTls = async () => {
  const { path: folder, remove } = createTemporaryFolder()
  chmodSync(folder, 0o755)
  const [key, certificate, other] = ['key.pem', 'certificate.pem', 'other.pem'].map((name) => join(folder, name))
  const make = (...words) =>
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...words], { stdio: 'ignore' })
  make('-keyout', key, '-out', certificate, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost')
  make('-keyout', join(folder, 'other-key.pem'), '-out', other, '-subj', '/CN=localhost')
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', key])
  const cluster = await openCluster('-c ssl=on', `-c ssl_cert_file=${certificate}`, `-c ssl_key_file=${key}`)
  const plain = await openCluster()

  const at = ({ url }, host, query) => {
    const changed = new URL(url)
    changed.hostname = host
    changed.search = query
    return changed.href
  }
  const full = `sslmode=verify-full&sslrootcert=${certificate}`
  const rows = [
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
  ].map(([what, url, wanted]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [sesame, 'migrate', 'up'], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATABASE_URL: url },
      encoding: 'utf8',
    })
    return {
      what,
      status,
      said: `${stdout}${stderr}`.trim().split('\n')[0],
      isAsWanted: wanted.test(`${stdout}${stderr}`),
    }
  })
  const used = await isEncrypted(at(cluster, 'localhost', full))
  cluster.stop()
  plain.stop()
  remove()
  const [first, ...others] = rows
  return [
    {
      passed:
        rows.every(({ isAsWanted }) => isAsWanted) &&
        first.status === 0 &&
        others.every(({ status }) => status === 1) &&
        used,
      text: 'sslmode=verify-full takes the server with the certificate and the name that it is to have, and no other:',
      table: rows.map(({ what, status, said }) => ({ 'checked against': what, status: String(status), said })),
    },
  ]
}

const isEncrypted = async (url) => {
  const [row] = await ask(url, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()')
  return row.ssl
}
