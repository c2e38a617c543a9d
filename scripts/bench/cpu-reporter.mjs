// Loaded into a measured server with --import: tells, when asked, the CPU time that the process has used, user and
// system, all threads.
process.on('message', () => process.send(process.cpuUsage()))
// A server must not outlive the bench that started it, even one that was killed.
process.on('disconnect', () => process.exit())
