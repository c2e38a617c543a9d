import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Client, contractClient } from './support/contract-client.ts'
import { type RunningService, startService } from './support/service.ts'

interface Step {
  readonly step: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Record<string, string>
    readonly body: string | null
  }
  readonly response: {
    readonly status: number
    readonly headers: Record<string, string>
    readonly body: Record<string, unknown>
  }
}

// Recorded from the chapter's own server.
const steps = JSON.parse(readFileSync(new URL('chapter-transcript.json', import.meta.url), 'utf8')) as Step[]

// What differs on purpose: `detail` is a sentence here, a list there.
const differing = new Set(['sign up without a password'])

describe('the transcript of the chapter, in order', () => {
  let service: RunningService
  let client: Client
  let token = ''

  beforeAll(async () => {
    service = await startService({ environment: { SECRET_KEY: 'your-secret-key' } })
    client = contractClient(service.url)
  })
  afterAll(() => service.stop())

  test.each(steps.map((step) => [step.step, step] as const))('%s', async (name, { request, response }) => {
    const headers = Object.entries(request.headers).map(([key, value]) => [key, value.replace('{token}', token)])
    const received = await client({ ...request, headers: Object.fromEntries(headers), body: request.body ?? '' })

    expect(received.status).toBe(response.status)
    if (differing.has(name)) {
      expect(received.json).toMatchObject({
        detail: 'The request body is not valid',
        errors: [{ pointer: '#/password', detail: 'is required' }],
      })
      return
    }
    for (const key of ['detail', 'message', 'token_type'] as const)
      expect(received.json[key]).toEqual(response.body[key])
    if (response.headers['www-authenticate']) {
      expect(received.headers['www-authenticate']).toBe(response.headers['www-authenticate'])
    }
    if (response.headers.allow) expect(received.headers.allow).toContain(response.headers.allow)
    token = received.json.access_token ?? token
  })
})
