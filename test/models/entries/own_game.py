"""A policy that is a transformer, on a grid of rewards: environments side by side, episodes as objects, advantages, clipped updates."""
# modules: own_game

import random
from collections import defaultdict
from dataclasses import asdict, dataclass, field, fields

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical
from torch.optim import Adam
from torch.optim.lr_scheduler import LambdaLR


class Grid:
    """An agent that collects coins; it sees the squares around it."""

    moves = {0: (-1, 0), 1: (1, 0), 2: (0, -1), 3: (0, 1)}

    def __init__(self, size=7, view=2, coins=5, limit=12, seed=0):
        self.size, self.view, self.coins, self.limit = size, view, coins, limit
        self.rng = np.random.RandomState(seed)

    @property
    def observation_shape(self):
        return (2, 2 * self.view + 1, 2 * self.view + 1)

    @property
    def n_actions(self):
        return len(self.moves)

    def reset(self):
        self.board = np.zeros((self.size, self.size), dtype=np.float32)
        places = self.rng.choice(self.size**2, self.coins, replace=False)
        self.board.flat[places] = 1.0
        self.at, self.time = [self.size // 2] * 2, 0
        return self.observe()

    def observe(self):
        v = self.view
        padded = np.pad(self.board, v, constant_values=-1)
        y, x = self.at
        window = padded[y : y + 2 * v + 1, x : x + 2 * v + 1]
        clock = np.full_like(window, self.time / self.limit)
        return np.stack([window, clock])

    def step(self, action):
        dy, dx = self.moves[int(action)]
        self.at = [int(np.clip(self.at[0] + dy, 0, self.size - 1)), int(np.clip(self.at[1] + dx, 0, self.size - 1))]
        reward = float(self.board[self.at[0], self.at[1]])
        self.board[self.at[0], self.at[1]] = 0
        self.time += 1
        return self.observe(), reward, self.time >= self.limit, {}


class Vector:
    def __init__(self, *makers):
        self.envs = [make() for make in makers]

    def reset(self):
        return np.stack([env.reset() for env in self.envs])

    def step(self, actions):
        rows = [env.step(a) for env, a in zip(self.envs, actions)]
        observations, rewards, dones, infos = map(list, zip(*rows))
        for i, done in enumerate(dones):
            if done:
                observations[i] = self.envs[i].reset()
        return np.stack(observations), np.array(rewards, dtype=np.float32), np.asarray(dones), infos

    def __len__(self):
        return len(self.envs)


class Memory(nn.Module):
    """Causal attention over the last observations, with a bias that falls with distance."""

    def __init__(self, width, heads, context):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.Mish(), nn.Linear(2 * width, width))
        self.gates = nn.ModuleList([nn.GRUCell(width, width) for _ in range(2)])
        slopes = 2.0 ** -torch.arange(1, heads + 1)
        distance = torch.arange(context)[:, None] - torch.arange(context)
        bias = -slopes[:, None, None] * distance.clamp(min=0)
        bias.masked_fill_(distance < 0, float("-inf"))
        self.register_buffer("bias", bias)

    def gate(self, which, y, x):
        return self.gates[which](y.reshape(-1, y.shape[-1]), x.reshape(-1, x.shape[-1])).view_as(x)

    def forward(self, x):
        n, t, _ = x.shape
        mask = self.bias[:, :t, :t].repeat(n, 1, 1)
        h = self.norms[0](x)
        y, _ = self.attention(h, h, h, attn_mask=mask, need_weights=False)
        x = self.gate(0, F.relu(y), x)
        return self.gate(1, F.relu(self.mlp(self.norms[1](x))), x)


class Agent(nn.Module):
    def __init__(self, shape, actions, width=24, heads=4, context=6, layers=2):
        super().__init__()
        self.context = context
        c, h, w = shape
        self.see = nn.Sequential(nn.Conv2d(c, 8, 3), nn.ELU(), nn.Flatten())
        with torch.no_grad():
            flat = self.see(torch.zeros(1, *shape)).shape[1]
        self.join = nn.Linear(flat + actions, width)
        self.memory = nn.Sequential(*[Memory(width, heads, context) for _ in range(layers)])
        self.actor, self.critic = nn.Linear(width, actions), nn.Linear(width, 1)
        self.apply(self.initialise)
        nn.init.orthogonal_(self.actor.weight, 0.01)
        self.actions = actions

    @staticmethod
    def initialise(module):
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            nn.init.orthogonal_(module.weight, gain=2**0.5)
            nn.init.zeros_(module.bias)

    def forward(self, observations, before):
        n, t = observations.shape[:2]
        seen = self.see(observations.flatten(0, 1)).view(n, t, -1)
        x = self.join(torch.cat([seen, F.one_hot(before, self.actions)], dim=-1))
        x = self.memory(x)
        return Categorical(logits=self.actor(x)), self.critic(x)[..., 0]


@dataclass
class Rollout:
    observations: list = field(default_factory=list)
    before: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    log_probs: list = field(default_factory=list)
    rewards: list = field(default_factory=list)
    values: list = field(default_factory=list)
    dones: list = field(default_factory=list)

    def add(self, **step):
        for name, value in step.items():
            getattr(self, name).append(torch.as_tensor(value))

    def stacked(self):
        return {f.name: torch.stack(getattr(self, f.name)) for f in fields(self)}


class Window:
    """The last observations and actions of each environment, as the agent sees them."""

    def __init__(self, n, context, shape):
        self.observations = torch.zeros(n, context, *shape)
        self.before = torch.zeros(n, context, dtype=torch.long)

    def push(self, observation, action):
        self.observations = torch.cat([self.observations[:, 1:], torch.from_numpy(observation)[:, None]], dim=1)
        self.before = self.before.roll(-1, dims=1)
        self.before[:, -1] = action
        return self.observations, self.before


def collect(env, agent, window, observation, action, steps):
    rollout = Rollout()
    for _ in range(steps):
        seen, before = window.push(observation, action)
        with torch.no_grad():
            policy, values = agent(seen, before)
        every = policy.sample()
        action = every[:, -1]
        observation, reward, done, _ = env.step(action.numpy())
        rollout.add(observations=seen, before=before, actions=action, log_probs=policy.log_prob(every)[:, -1], rewards=reward, values=values[:, -1], dones=done)
    with torch.no_grad():
        last = agent(*window.push(observation, action))[1][:, -1]
    return rollout.stacked(), last, observation, action


def advantages(batch, last, gamma=0.99, lam=0.95):
    values = torch.cat([batch["values"], last[None]])
    alive = 1.0 - batch["dones"].float()
    deltas = batch["rewards"] + gamma * values[1:] * alive - values[:-1]
    running, out = torch.zeros_like(last), []
    for delta, a in zip(reversed(deltas), reversed(alive)):
        running = delta + gamma * lam * a * running
        out.insert(0, running)
    adv = torch.stack(out)
    return adv, adv + values[:-1]


def minibatches(batch, size):
    flat = {k: v.flatten(0, 1) for k, v in batch.items()}
    count = len(flat["actions"])
    order = list(range(count))
    random.shuffle(order)
    for start in range(0, count, size):
        index = torch.tensor(order[start : start + size])
        yield {k: v[index] for k, v in flat.items()}


def update(agent, optimiser, batch, clip=0.2, entropy=0.01):
    stats = defaultdict(list)
    for part in minibatches(batch, 8):
        policy, values = agent(part["observations"], part["before"])
        policy = Categorical(logits=policy.logits[:, -1])
        ratio = (policy.log_prob(part["actions"]) - part["log_probs"]).exp()
        adv = (part["adv"] - part["adv"].mean()) / (part["adv"].std() + 1e-8)
        gain = torch.min(ratio * adv, ratio.clamp(1 - clip, 1 + clip) * adv).mean()
        off = F.smooth_l1_loss(values[:, -1], part["returns"])
        loss = off - gain - entropy * policy.entropy().mean()
        optimiser.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
        optimiser.step()
        for name, value in dict(loss=loss, norm=norm, kl=(part["log_probs"] - policy.log_prob(part["actions"])).mean()).items():
            stats[name].append(value.item())
    return {k: float(np.mean(v)) for k, v in stats.items()}


if __name__ == "__main__":
    random.seed(0), torch.manual_seed(0)
    env = Vector(*[lambda s=s: Grid(seed=s) for s in range(3)])
    shape, actions = env.envs[0].observation_shape, env.envs[0].n_actions
    agent = Agent(shape, actions)
    optimiser = Adam(agent.parameters(), lr=3e-4, eps=1e-5)
    schedule = LambdaLR(optimiser, lambda i: 1 - i / 3)
    window = Window(len(env), agent.context, shape)
    observation, action = env.reset(), torch.zeros(len(env), dtype=torch.long)
    for iteration in range(2):
        batch, last, observation, action = collect(env, agent, window, observation, action, steps=8)
        batch["adv"], batch["returns"] = advantages(batch, last)
        stats = update(agent, optimiser, batch)
        schedule.step()
    total = batch["rewards"].sum(0)
    print(total.shape, sorted(stats), batch["observations"].shape)
