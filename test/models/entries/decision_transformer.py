"""A tiny Decision Transformer: the next action from states, actions and returns."""
# modules: transformers.models.decision_transformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DecisionTransformerConfig, DecisionTransformerModel

config = DecisionTransformerConfig(state_dim=6, act_dim=3, hidden_size=16, max_ep_len=32, n_layer=2, n_head=2, n_positions=64)
model = DecisionTransformerModel(config).eval()
state = torch.randn(1, 1, 6)
actions = torch.zeros(1, 1, 3)
returns = torch.tensor(2.5).reshape(1, 1, 1)
steps = torch.tensor(0).reshape(1, 1)
with torch.no_grad():
    for t in range(3):
        out = model(
            states=state,
            actions=actions,
            rewards=torch.zeros(1, t + 1, 1),
            returns_to_go=returns,
            timesteps=steps,
            attention_mask=torch.ones(1, t + 1, dtype=torch.float32),
        )
        action = out.action_preds[:, -1]
        state = torch.cat([state, torch.randn(1, 1, 6)], dim=1)
        actions = torch.cat([actions[:, :-1], action.unsqueeze(1), torch.zeros(1, 1, 3)], dim=1)
        returns = torch.cat([returns, returns[:, -1:] - 0.5], dim=1)
        steps = torch.cat([steps, torch.full((1, 1), t + 1)], dim=1)
print(out.state_preds.shape, actions.shape)
