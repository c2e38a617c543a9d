// A process that takes the lock of an SQLite file and reports it. On the next message it releases the lock and reports
// the time.
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
