// Where imported modules are looked for: the settings' folders, the workspace, its virtual environments.

import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { sitePackages } from '../node/environments'

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
