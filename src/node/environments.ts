// Where a virtual environment keeps the modules that are installed in it.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The `site-packages` of a virtual environment: one per Python version, or `Lib` on Windows. */
export function sitePackages(environment: string): string[] {
  const versions = namesIn(join(environment, 'lib')).filter((name) => name.startsWith('python'))
  const paths = versions.map((version) => join(environment, 'lib', version, 'site-packages'))
  return namesIn(join(environment, 'Lib', 'site-packages')).length > 0 && paths.length === 0
    ? [join(environment, 'Lib', 'site-packages')]
    : paths
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
