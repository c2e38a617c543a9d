import { test } from '@jest/globals'

/** A test of what Windows does not have: modes of files, and files that can be removed while they are open. */
export const onUnix = process.platform === 'win32' ? test.skip : test
