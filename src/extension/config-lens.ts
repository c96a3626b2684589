// “Visualise RoPE” above the keys of a model's config.json that say where positions come from.

import * as vscode from 'vscode'
import { visualiseCommand } from '../protocol/visualiser'

/** Keys that only model configs have, the nearest to RoPE first; the page reads what they mean. */
const keys = [
  /"(?:rope_parameters|rope_scaling)"\s*:/,
  /"(?:rope_theta|rotary_emb_base|rotary_pct|partial_rotary_factor|rotary_dim)"\s*:/,
  /"(?:alibi|position_embedding_type|relative_attention_num_buckets|max_position_embeddings)"\s*:/,
  /"model_type"\s*:/,
]

/** A JSON that is longer is data. */
const longest = 200_000

export function configLenses(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { language: 'json' },
    {
      provideCodeLenses(document) {
        if (!vscode.workspace.getConfiguration().get('shapescope.codeLens.enabled', true)) return []
        const text = document.getText()
        const at = text.length > longest ? -1 : placeIn(text)
        if (at < 0) return []
        const place = document.positionAt(at)
        const command = { title: 'Visualise RoPE', command: visualiseCommand, arguments: [document.uri] }
        return [new vscode.CodeLens(new vscode.Range(place, place), command)]
      },
    },
  )
}

/** Where the lens stands; -1 for what is no model's config. */
function placeIn(text: string): number {
  for (const key of keys) {
    const at = text.search(key)
    if (at >= 0) return at
  }
  return -1
}
