// Reads a file of queries or keys for the page, which says what is in it.

import * as vscode from 'vscode'
import { type GivenSide, mostBytes, type ToPage } from '../protocol/visualiser'

/** Asks for a file; null if none is chosen. */
export async function loadArray(side: GivenSide): Promise<ToPage | null> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: side === 'q' ? 'Queries' : 'Keys',
      filters: { 'Arrays of numbers': ['npy', 'json', 'csv', 'tsv', 'txt'] },
      ...(folder ? { defaultUri: folder } : {}),
    })) ?? []
  if (!chosen) return null
  const name = chosen.path.split('/').at(-1) ?? chosen.path
  try {
    const { size } = await vscode.workspace.fs.stat(chosen)
    if (size > mostBytes) {
      const problem = `it has ${size.toLocaleString('en')} bytes: save at most ${mostBytes.toLocaleString('en')}, as .npy in float32`
      return { type: 'unloaded', side, name, problem }
    }
    // of a disk's file this is Node's Buffer, which does not go into a webview as bytes
    const data = new Uint8Array(await vscode.workspace.fs.readFile(chosen))
    return { type: 'loaded', side, name, data }
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem)
    return { type: 'unloaded', side, name, problem: why }
  }
}
