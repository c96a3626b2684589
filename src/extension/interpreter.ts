// The Python that the user has selected: by the Python extension where it is there, else by its setting.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { type Interpreters, interpreterNotification } from '../protocol/interpreter'

/** What is used of the Python extension's interface; there is no need for the extension itself. */
interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string }
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>
  }
}

/** Tells the server which Python is selected, now and whenever that changes. */
export async function followInterpreter(client: LanguageClient): Promise<vscode.Disposable> {
  const python = await environmentsOf()
  const tell = (): Promise<void> => {
    const folders: (vscode.Uri | undefined)[] = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? []
    const selected = (folders.length > 0 ? folders : [undefined]).flatMap((folder) => {
      const active = python?.getActiveEnvironmentPath(folder).path
      return [active, configured(folder)].filter((path) => path !== undefined && path !== '')
    })
    // a bare name such as `python` would have to be looked up and run
    const paths = [...new Set(selected)].filter((path): path is string => /[\\/]/.test(path ?? ''))
    return client.sendNotification(interpreterNotification, { paths } satisfies Interpreters)
  }
  await tell()
  return vscode.Disposable.from(
    ...(python ? [python.onDidChangeActiveEnvironmentPath(() => void tell())] : []),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void tell()),
    vscode.workspace.onDidChangeConfiguration(
      (change) => change.affectsConfiguration('python.defaultInterpreterPath') && void tell(),
    ),
  )
}

async function environmentsOf(): Promise<PythonExtension['environments']> {
  const extension = vscode.extensions.getExtension<PythonExtension>('ms-python.python')
  try {
    return (await extension?.activate())?.environments
  } catch {
    return undefined // its own fault, which it reports itself
  }
}

/** `python.defaultInterpreterPath`, with the variables that it may hold. */
function configured(folder: vscode.Uri | undefined): string | undefined {
  const setting = vscode.workspace.getConfiguration('python', folder).get<string>('defaultInterpreterPath')
  return setting
    ?.replace(/\$\{workspaceFolder\}/g, folder?.fsPath ?? '')
    .replace(/^~(?=[\\/])/, process.env.HOME ?? process.env.USERPROFILE ?? '~')
    .replace(/\$\{env:(\w+)\}/g, (_, name: string) => process.env[name] ?? '')
}
