// A package that fills itself lazily from many modules: the one that has a name is found by what the name is like.

import assert from 'node:assert/strict'
import { createWorkspace } from '../../src/ide/workspace'
import { load } from '../syntax/support'

const path = '/app/main.py'

/** More modules than are looked through one by one. */
const others = Array.from({ length: 30 }, (_, i) => `other${String.fromCharCode(97 + (i % 26))}${i}`)

/** The hint of `Name().size()`, where the module of that name is one of many in a package. */
function hintOf(module: string, name: string, from = '.'): string | undefined {
  const modules = [...others, module].sort()
  const files: Record<string, string> = {
    '/app/zoo/__init__.py': `from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n${modules.map((m) => `    from ${from}${m} import *\n`).join('')}`,
    [path]: `from zoo import ${name}\nx = ${name}().make()\n`,
  }
  for (const other of others) files[`/app/zoo/${other}.py`] = `__all__ = ["${other.toUpperCase()}"]\n`
  files[`/app/zoo/${module}.py`] =
    `import torch\n__all__ = ["${name}"]\nclass ${name}:\n    def make(self):\n        return torch.zeros(2, 3)\n`
  const workspace = createWorkspace(
    {
      read: (wanted) => files[wanted] ?? null,
      isFile: (wanted) => wanted in files,
      isFolder: (wanted) => Object.keys(files).some((file) => file.startsWith(`${wanted}/`)),
    },
    { searchPaths: [] },
  )
  const text = files[path] ?? ''
  workspace.setText(path, text)
  for (const work of [workspace.update(path), workspace.settle(path)]) while (!work.next().done);
  const options = { style: 'names', maximumLength: 80, parameters: true } as const
  return workspace.hints(path, 0, text.length, options)[0]?.label
}

describe('a package that fills itself lazily', () => {
  before(load)

  it('has a class under the name of its module', () => {
    assert.equal(hintOf('gpt_neo', 'GPTNeoModel'), '[2, 3]')
  })
  it('has a class whose name is parted by an underscore too', () => {
    assert.equal(hintOf('qwen2_5_vl', 'Qwen2_5_VLModel'), '[2, 3]')
  })
  it('has a class that only begins like its module', () => {
    assert.equal(hintOf('speech_to_text', 'Speech2TextModel'), '[2, 3]')
  })
  it('has a class that is named by the initials of its module', () => {
    assert.equal(hintOf('audio_spectrogram_transformer', 'ASTModel'), '[2, 3]')
  })
  it('has a class that type checkers find beside it, as they look there for any module', () => {
    assert.equal(hintOf('xlstm', 'xLSTMModel', ''), '[2, 3]')
  })
})
