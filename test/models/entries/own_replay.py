"""Agents: replay by deque and by priority, a duelling network, returns over several steps, a recurrent policy."""
# modules: own_replay

import copy
import math
import random
from collections import deque, namedtuple
from dataclasses import dataclass, field
from typing import Deque, Dict, Iterable, List, NamedTuple, Optional, Tuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical, Independent, Normal, TransformedDistribution
from torch.distributions.transforms import TanhTransform

Transition = namedtuple("Transition", ("state", "action", "reward", "next_state", "done"))
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Corridor:
    """A walk along a line, seen as a small picture and a vector."""

    n_actions = 3

    def __init__(self, length=9, limit=12):
        self.length, self.limit = length, limit

    def reset(self):
        self.at, self.steps = self.length // 2, 0
        return self.observe()

    def observe(self):
        picture = np.zeros((1, 8, 8), dtype=np.float32)
        picture[0, self.at % 8, self.at // 8] = 1.0
        vector = np.array([self.at / self.length, self.steps / self.limit], dtype=np.float32)
        return picture, vector

    def step(self, action):
        self.at = int(np.clip(self.at + action - 1, 0, self.length - 1))
        self.steps += 1
        done = self.at in (0, self.length - 1) or self.steps >= self.limit
        return self.observe(), float(self.at == self.length - 1), done, {}


class ReplayMemory:
    def __init__(self, capacity: int):
        self.memory: Deque[Transition] = deque([], maxlen=capacity)

    def push(self, *args):
        self.memory.append(Transition(*args))

    def sample(self, batch_size: int) -> Transition:
        chosen = random.sample(self.memory, batch_size)
        return Transition(*zip(*chosen))

    def __len__(self):
        return len(self.memory)


class Dueling(nn.Module):
    def __init__(self, n_actions, hidden=32):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(4, 8, 3, 2, 1), nn.ReLU(), nn.Flatten())
        with torch.no_grad():
            n = self.conv(torch.zeros(1, 1, 8, 8)).shape[1]
        self.trunk = nn.Sequential(nn.Linear(n + 2, hidden), nn.ReLU())
        self.value = nn.Linear(hidden, 1)
        self.advantage = nn.Linear(hidden, n_actions)

    def forward(self, picture, vector):
        h = self.trunk(torch.cat([self.conv(picture), vector], dim=1))
        a = self.advantage(h)
        return self.value(h) + a - a.mean(dim=1, keepdim=True)


def to_tensors(states: Iterable[Tuple[np.ndarray, np.ndarray]]):
    pictures, vectors = zip(*states)
    return torch.as_tensor(np.stack(pictures), device=device), torch.as_tensor(np.array(vectors), device=device)


def epsilon(step, start=0.9, end=0.05, decay=100):
    return end + (start - end) * math.exp(-1.0 * step / decay)


def select(policy, state, step):
    if random.random() > epsilon(step):
        with torch.no_grad():
            return policy(*to_tensors([state])).max(1).indices.view(1, 1)
    return torch.tensor([[random.randrange(Corridor.n_actions)]], dtype=torch.long, device=device)


def optimise(policy, target, memory, optimiser, batch_size=8, gamma=0.95):
    batch = memory.sample(batch_size)
    state, next_state = to_tensors(batch.state), to_tensors(batch.next_state)
    action = torch.cat(batch.action)
    reward = torch.tensor(batch.reward, dtype=torch.float32)
    alive = 1 - torch.tensor(batch.done).float()
    q = policy(*state).gather(1, action)
    with torch.no_grad():
        best = policy(*next_state).argmax(1, keepdim=True)
        future = target(*next_state).gather(1, best).squeeze(1)
    goal = reward + gamma * alive * future
    loss = F.smooth_l1_loss(q, goal.unsqueeze(1), reduction="none")
    optimiser.zero_grad()
    loss.mean().backward()
    for p in policy.parameters():
        p.grad.data.clamp_(-1, 1)
    optimiser.step()
    return loss.detach().squeeze(-1)


@dataclass
class Rollout:
    log_probs: List[torch.Tensor] = field(default_factory=list)
    values: List[torch.Tensor] = field(default_factory=list)
    rewards: List[float] = field(default_factory=list)
    entropies: List[torch.Tensor] = field(default_factory=list)

    def advantages(self, last, gamma=0.95, lam=0.9):
        values = torch.stack(self.values + [last]).squeeze(-1)
        rewards = torch.tensor(self.rewards)
        deltas = rewards + gamma * values[1:] - values[:-1]
        out = torch.zeros_like(deltas)
        running = torch.zeros(())
        for t in reversed(range(len(deltas))):
            running = deltas[t] + gamma * lam * running
            out[t] = running
        return out.detach(), values[:-1]


class Recurrent(nn.Module):
    def __init__(self, n_in, n_actions, hidden=16):
        super().__init__()
        self.hidden = hidden
        self.cell = nn.LSTMCell(n_in, hidden)
        self.pi, self.v = nn.Linear(hidden, n_actions), nn.Linear(hidden, 1)

    def initial(self, n):
        return torch.zeros(n, self.hidden), torch.zeros(n, self.hidden)

    def forward(self, x, state):
        h, c = self.cell(x, state)
        return Categorical(logits=self.pi(h)), self.v(h), (h, c)


class Squashed(nn.Module):
    def __init__(self, n_in, n_out, hidden=(24, 24)):
        super().__init__()
        sizes = [n_in, *hidden]
        self.net = nn.Sequential(*[m for a, b in zip(sizes[:-1], sizes[1:]) for m in (nn.Linear(a, b), nn.Tanh())])
        self.mean = nn.Linear(sizes[-1], n_out)
        self.log_std = nn.Parameter(torch.zeros(n_out))

    def forward(self, x, deterministic=False):
        h = self.net(x)
        mean, std = self.mean(h), self.log_std.clamp(-5, 2).exp()
        if deterministic:
            return torch.tanh(mean), None
        base = Normal(mean, std.expand_as(mean))
        raw = base.rsample()
        action = torch.tanh(raw)
        log_prob = (base.log_prob(raw) - torch.log(1 - action.pow(2) + 1e-6)).sum(-1, keepdim=True)
        return action, log_prob


class SumTree:
    def __init__(self, capacity):
        self.capacity = capacity
        self.tree = torch.zeros(2 * capacity - 1)
        self.next = 0

    def add(self, priority):
        i = self.next + self.capacity - 1
        change = priority - self.tree[i]
        self.tree[i] = priority
        while i > 0:
            i = (i - 1) // 2
            self.tree[i] += change
        self.next = (self.next + 1) % self.capacity

    @property
    def total(self):
        return self.tree[0]


def soft_update(target, source, tau):
    for t, s in zip(target.parameters(), source.parameters()):
        t.data.mul_(1 - tau).add_(tau * s.data)


def main():
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(5)
    env = Corridor()
    policy = Dueling(env.n_actions).to(device)
    target = copy.deepcopy(policy).requires_grad_(False)
    optimiser = optim.RMSprop(policy.parameters(), lr=1e-3)
    memory = ReplayMemory(64)
    tree = SumTree(8)
    step = 0
    for episode in range(4):
        state, done = env.reset(), False
        while not done:
            action = select(policy, state, step)
            next_state, reward, done, _ = env.step(action.item())
            memory.push(state, action, reward, next_state, done)
            state = next_state
            step += 1
            if len(memory) >= 12:
                errors = optimise(policy, target, memory, optimiser)
                tree.add(errors.mean())
                soft_update(target, policy, 0.01)
    agent = Recurrent(2, env.n_actions)
    rollout, hidden = Rollout(), agent.initial(1)
    (_, vector), done = env.reset(), False
    for t in range(5):
        pi, value, hidden = agent(torch.from_numpy(vector).unsqueeze(0), hidden)
        action = pi.sample()
        rollout.log_probs.append(pi.log_prob(action))
        rollout.values.append(value.squeeze(0))
        rollout.entropies.append(pi.entropy())
        (_, vector), reward, done, _ = env.step(action.item())
        rollout.rewards.append(reward)
    advantage, values = rollout.advantages(torch.zeros(1))
    log_probs = torch.cat(rollout.log_probs)
    ratio = (log_probs - log_probs.detach()).exp()
    surrogate = torch.min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage)
    loss = -surrogate.mean() + F.mse_loss(values, advantage + values.detach()) - 0.01 * torch.stack(rollout.entropies).mean()
    loss.backward()
    action, log_prob = Squashed(2, 4)(torch.randn(6, 2))
    print(advantage.shape, action.shape, log_prob.shape, tree.total)


if __name__ == "__main__":
    main()
