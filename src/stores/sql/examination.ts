import { sesame } from '../../package.ts'
import type { SchemaState } from './migrate.ts'

/** A finding of an examination. `ok`: no problem. `warn`: a person should look at it. `fail`: the database does not
 * work. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail'
  readonly subject: string
  readonly text: string
}

export const ok = (subject: string, text: string): Finding => ({ state: 'ok', subject, text })
export const warn = (subject: string, text: string): Finding => ({ state: 'warn', subject, text })
export const fail = (subject: string, text: string): Finding => ({ state: 'fail', subject, text })

export const findingOfSchema = ({ applied, pending }: SchemaState): Finding =>
  pending.length === 0
    ? ok('schema', `current (${applied.at(-1) ?? 'empty'})`)
    : fail('schema', `lacks ${pending.join(', ')}: run \`${sesame} migrate up\``)
