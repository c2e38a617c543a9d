// Runs one client library through its checks, in the folder where the library is installed, and prints what it
// reports as JSON. The library's module has `createClient(setup)`, which gives `logIn(how, credentials)` to a token,
// `readProtected(token)` to a body, and `tell(error)`, what the library says of a failure.
const [, , module, text] = process.argv
const setup = JSON.parse(text)
const { createClient } = await import(module)
const client = createClient(setup)

const attempt = async (work) => {
  try {
    return { value: await work() }
  } catch (error) {
    return { error: { ...client.tell(error), text: String(error) } }
  }
}

const { username, password } = setup
const logIn = (how, attempted) => attempt(() => client.logIn(how, { username, password: attempted }))

const form = await logIn('form', password)
const report = {
  form,
  basic: await logIn('basic', password),
  without: await logIn('without', password),
  wrongForm: await logIn('form', `not ${password}`),
  wrongBasic: await logIn('basic', `not ${password}`),
  protected: await attempt(() => client.readProtected(form.value)),
  badToken: await attempt(() => client.readProtected('bad')),
}
console.log(JSON.stringify(report))
