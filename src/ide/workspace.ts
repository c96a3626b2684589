// A stand-in until the analyser is here: it knows nothing and says nothing.

import type { Diagnostic, FileSystem, Hint, Hover, Workspace } from './api'

export function createWorkspace(_files: FileSystem, _options: { searchPaths: string[] }): Workspace {
  return {
    setText: () => {},
    close: () => {},
    invalidate: () => {},
    setSearchPaths: () => {},
    update: () => [][Symbol.iterator](),
    hints: (): Hint[] => [],
    hover: (): Hover | null => null,
    diagnostics: (): Diagnostic[] => [],
  }
}
