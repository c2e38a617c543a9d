import { accountChecks } from './account-checks.ts'
import { addressChecks } from './address-checks.ts'
import { bodyChecks } from './body-checks.ts'
import type { Check, Material } from './checks.ts'
import { endingChecks } from './ending-checks.ts'
import { holderChecks } from './holder-checks.ts'
import { pathChecks } from './http-checks.ts'
import { pageChecks } from './page-checks.ts'
import { scopeChecks } from './scope-checks.ts'
import { securityChecks } from './security-checks.ts'

/** All checks that any server can be given at any time. */
export const allChecks = (material: Material): readonly Check[] => {
  const { operations } = material
  return [
    ...operations.flatMap((operation) => bodyChecks(operation, material)),
    ...operations.flatMap((operation) => addressChecks(operation, material)),
    ...accountChecks(material),
    ...operations.flatMap((operation) => securityChecks(operation, material)),
    ...scopeChecks(material),
    ...pageChecks(material),
    ...endingChecks(material),
    ...holderChecks(material),
    ...pathChecks(material),
  ]
}
