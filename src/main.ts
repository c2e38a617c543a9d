// The only static import is none: an older Node fails while it links the others, before it could say why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Node ${process.versions.node} is too old: install Node 20.19 or later.`)
  process.exit(1)
}
const { serve } = await import('./commands/serve.ts')
await serve()

export {}
