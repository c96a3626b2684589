// Where imported modules are looked for: the settings' folders, the workspace, its virtual environments.

import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The folders to search, strongest first; a relative setting counts from each workspace folder. */
export function searchPaths(
  folders: readonly string[],
  configured: readonly string[],
  virtualEnvironment: string | undefined,
): string[] {
  const environments = folders.map((folder) => join(folder, '.venv'))
  if (virtualEnvironment) environments.push(virtualEnvironment)
  return [
    ...new Set([
      ...configured.flatMap((path) => absolute(path, folders)),
      ...folders,
      ...environments.flatMap(sitePackages),
    ]),
  ]
}

function absolute(path: string, folders: readonly string[]): string[] {
  if (path === '~' || path.startsWith('~/') || path.startsWith('~\\')) return [join(homedir(), path.slice(1))]
  return isAbsolute(path) ? [resolve(path)] : folders.map((folder) => resolve(folder, path))
}

/** The `site-packages` of a virtual environment: one per Python version, or `Lib` on Windows. */
function sitePackages(environment: string): string[] {
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
