"""Reinforcement learning and preferences: an actor with advantages, a Q network with replay, PPO, DPO, a contrastive loss."""
# modules: own_policy

from collections import deque, namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical, Independent, MultivariateNormal, Normal, TransformedDistribution
from torch.distributions.transforms import TanhTransform

Transition = namedtuple("Transition", "state action reward next_state done")


class Replay:
    def __init__(self, capacity):
        self.memory = deque([], maxlen=capacity)

    def push(self, *args):
        self.memory.append(Transition(*args))

    def sample(self, batch_size):
        picked = [self.memory[i] for i in torch.randperm(len(self.memory))[:batch_size].tolist()]
        return Transition(*map(torch.stack, zip(*picked)))


def mlp(sizes, activation=nn.Tanh, output=nn.Identity):
    layers = []
    for j in range(len(sizes) - 1):
        act = activation if j < len(sizes) - 2 else output
        layers += [nn.Linear(sizes[j], sizes[j + 1]), act()]
    return nn.Sequential(*layers)


class Dueling(nn.Module):
    def __init__(self, obs, actions, hidden=16):
        super().__init__()
        self.body = mlp([obs, hidden, hidden], output=nn.ReLU)
        self.value, self.advantage = nn.Linear(hidden, 1), nn.Linear(hidden, actions)

    def forward(self, x):
        h = self.body(x)
        adv = self.advantage(h)
        return self.value(h) + adv - adv.mean(-1, keepdim=True)


class ActorCritic(nn.Module):
    def __init__(self, obs=6, actions=3, continuous=False):
        super().__init__()
        self.pi = mlp([obs, 16, actions])
        self.v = mlp([obs, 16, 1])
        self.log_std = nn.Parameter(-0.5 * torch.ones(actions)) if continuous else None

    def dist(self, obs):
        if self.log_std is None:
            return Categorical(logits=self.pi(obs))
        return Independent(Normal(self.pi(obs), self.log_std.exp()), 1)

    def forward(self, obs, action=None):
        dist = self.dist(obs)
        if action is None:
            action = dist.sample()
        return action, dist.log_prob(action), dist.entropy(), self.v(obs).squeeze(-1)


def gae(rewards, values, dones, last, gamma=0.99, lam=0.95):
    advantages = torch.zeros_like(rewards)
    running = 0
    for t in reversed(range(rewards.shape[0])):
        following = last if t == rewards.shape[0] - 1 else values[t + 1]
        alive = 1.0 - dones[t]
        delta = rewards[t] + gamma * following * alive - values[t]
        advantages[t] = running = delta + gamma * lam * alive * running
    return advantages, advantages + values


def ppo_loss(model, obs, actions, old_logp, advantages, returns, clip=0.2):
    _, logp, entropy, value = model(obs, actions)
    ratio = (logp - old_logp).exp()
    advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    policy = -torch.min(ratio * advantages, ratio.clamp(1 - clip, 1 + clip) * advantages).mean()
    with torch.no_grad():
        kl = ((ratio - 1) - ratio.log()).mean()
    return policy + 0.5 * F.mse_loss(value, returns) - 0.01 * entropy.mean(), kl


def sequence_logps(logits, labels, mask):
    logits, labels, mask = logits[:, :-1], labels[:, 1:].clone(), mask[:, 1:]
    labels[~mask] = 0
    per_token = torch.gather(logits.log_softmax(-1), dim=2, index=labels.unsqueeze(2)).squeeze(2)
    return (per_token * mask).sum(-1)


def dpo(policy, reference, beta=0.1):
    chosen, rejected = policy.chunk(2)
    ref_chosen, ref_rejected = reference.chunk(2)
    logits = (chosen - rejected) - (ref_chosen - ref_rejected)
    return -F.logsigmoid(beta * logits).mean(), beta * (chosen - ref_chosen).detach()


def info_nce(a, b, temperature=0.07):
    a, b = F.normalize(a, dim=-1), F.normalize(b, dim=-1)
    logits = a @ b.T / temperature
    labels = torch.arange(a.size(0))
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2, (logits.argmax(1) == labels).float().mean()


def nt_xent(z, n_views=2):
    n = z.shape[0] // n_views
    labels = torch.cat([torch.arange(n) for _ in range(n_views)], dim=0)
    labels = (labels.unsqueeze(0) == labels.unsqueeze(1)).float()
    sim = F.cosine_similarity(z.unsqueeze(1), z.unsqueeze(0), dim=-1)
    eye = torch.eye(labels.shape[0], dtype=torch.bool)
    labels, sim = labels[~eye].view(labels.shape[0], -1), sim[~eye].view(sim.shape[0], -1)
    positives = sim[labels.bool()].view(labels.shape[0], -1)
    negatives = sim[~labels.bool()].view(sim.shape[0], -1)
    logits = torch.cat([positives, negatives], dim=1)
    return F.cross_entropy(logits, torch.zeros(logits.shape[0], dtype=torch.long))


torch.manual_seed(0)
replay = Replay(50)
for _ in range(12):
    replay.push(torch.randn(6), torch.randint(3, ()), torch.rand(()), torch.randn(6), torch.tensor(0.0))
q, target = Dueling(6, 3), Dueling(6, 3)
target.load_state_dict(q.state_dict())
batch = replay.sample(8)
current = q(batch.state).gather(1, batch.action.unsqueeze(1)).squeeze(1)
with torch.no_grad():
    best = q(batch.next_state).argmax(1, keepdim=True)
    expected = batch.reward + 0.99 * (1 - batch.done) * target(batch.next_state).gather(1, best).squeeze(1)
td = F.smooth_l1_loss(current, expected)
td.backward()
for p, tp in zip(q.parameters(), target.parameters()):
    tp.data.copy_(0.01 * p.data + 0.99 * tp.data)

model = ActorCritic()
obs = torch.randn(10, 4, 6)
actions, logp, entropy, values = model(obs)
advantages, returns = gae(torch.rand(10, 4), values.detach(), torch.zeros(10, 4), torch.zeros(4))
flat = [t.reshape(-1, *t.shape[2:]) for t in (obs, actions, logp.detach(), advantages, returns)]
loss, kl = ppo_loss(model, *flat)
loss.backward()
moves, move_logp, spread, _ = ActorCritic(continuous=True)(torch.randn(5, 6))
squashed = TransformedDistribution(Normal(torch.zeros(5, 3), torch.ones(5, 3)), [TanhTransform(cache_size=1)])
drawn = squashed.rsample()
noise = MultivariateNormal(torch.zeros(3), torch.eye(3)).sample((5,))
ids = torch.randint(0, 11, (6, 9))
logps = sequence_logps(torch.randn(6, 9, 11), ids, torch.ones(6, 9).bool())
preference, reward = dpo(logps, logps.detach() - 0.1)
contrast, hits = info_nce(torch.randn(6, 16), torch.randn(6, 16))
pairs = nt_xent(torch.randn(8, 16))
print(td, loss, kl, moves.shape, move_logp.shape, drawn.shape, noise.shape, preference, reward.shape, contrast, pairs)
