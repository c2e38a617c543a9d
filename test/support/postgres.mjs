// Starts a private PostgreSQL server from the binaries of this machine, in a temporary folder.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const isRoot = process.getuid?.() === 0

const folders = () => {
  const versioned = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/Library/PostgreSQL']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'bin')))
  return [...(process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':'), ...versioned.sort().reverse()]
}

/** Finds the folder of PostgreSQL's programs; undefined where it is not installed. */
export const findPostgres = () =>
  folders().find((folder) =>
    ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore'].every((name) => existsSync(join(folder, name))),
  )

export const remedy =
  'apt-get install -y postgresql, or set TEST_POSTGRES_URL to a server on which databases may be created'

// PostgreSQL refuses to run as root.
const run = (folder, name, ...words) =>
  isRoot
    ? execFileSync('runuser', ['-u', 'postgres', '--', join(folder, name), ...words], { stdio: 'pipe', cwd: '/' })
    : execFileSync(join(folder, name), words, { stdio: 'pipe' })

const runAsync = (folder, name, ...words) =>
  new Promise((resolve, reject) => {
    const [command, ...before] = isRoot ? ['runuser', '-u', 'postgres', '--', join(folder, name)] : [join(folder, name)]
    const child = spawn(command, [...before, ...words], { stdio: 'ignore', cwd: isRoot ? '/' : undefined })
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${code}`))))
  })

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** Starts a server.
 * @param settings options of the command line, such as `-c fsync=off` */
export const startPostgres = async (...settings) => {
  const binaries = findPostgres()
  if (!binaries) throw new Error(`PostgreSQL was not found: ${remedy}.`)
  const folder = mkdtempSync(join(tmpdir(), 'sesame-postgres-'))
  if (isRoot) execFileSync('chown', ['postgres', folder])
  const data = join(folder, 'data')
  run(binaries, 'initdb', '-D', data, '-U', 'sesame', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
  const port = await freePort()
  const options = [`-p ${port}`, `-k ${folder}`, '-c listen_addresses=127.0.0.1', '-c max_connections=300', ...settings]
  run(binaries, 'pg_ctl', 'start', '-w', '-D', data, '-l', join(folder, 'log'), '-o', options.join(' '))
  return {
    url: `postgres://sesame@127.0.0.1:${port}/postgres`,
    folder,
    /** Restarts the server as after a crash. Resolves when it accepts connections again. */
    restart: () =>
      runAsync(binaries, 'pg_ctl', 'restart', '-w', '-m', 'immediate', '-D', data, '-l', join(folder, 'log')),
    /** Stops the server as a crash would, and removes its folder. */
    stop: () => {
      run(binaries, 'pg_ctl', 'stop', '-m', 'immediate', '-D', data)
      rmSync(folder, { recursive: true, force: true })
    },
    /** The id of the parent of all processes of the server. */
    pid: () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
  }
}
