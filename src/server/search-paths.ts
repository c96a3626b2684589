// Where imported modules are looked for: the settings' folders, the workspace, the Python in use.

import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { environmentsIn, sitePackages } from '../node/environments'

export interface Places {
  /** The workspace's folders. */
  readonly folders: readonly string[]
  /** The setting; a relative path counts from each workspace folder. */
  readonly configured: readonly string[]
  /** The interpreters that the user selected, executables or environments, the strongest first. */
  readonly selected: readonly string[]
  /** The environments that the server was started in. */
  readonly active: readonly (string | undefined)[]
}

/** The folders to search, strongest first. */
export function searchPaths({ folders, configured, selected, active }: Places): string[] {
  const environments = [...selected, ...folders.flatMap(environmentsIn), ...active].filter(
    (path) => path !== undefined,
  )
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
