// Run as a process of its own: takes the lock of a database, says so, and lets it go when told; says when that was.
import Libsql from 'libsql'

const connection = new Libsql(process.argv[2])
connection.exec('pragma busy_timeout = 5000')
connection.exec('begin immediate')
process.send('held')
process.once('message', () => {
  connection.exec('commit')
  process.send(Date.now())
})
process.on('disconnect', () => process.exit())
