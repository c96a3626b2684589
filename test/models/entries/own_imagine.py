"""A world model that dreams: episodes in a buffer, discrete latents with straight-through gradients, an actor that learns from imagination."""
# modules: own_imagine

import collections
import functools
import random
from abc import ABC, abstractmethod

import numpy as np
import torch
import torch.distributions as td
import torch.nn.functional as F
from torch import nn

Transition = collections.namedtuple("Transition", "obs action reward done first")


class Env(ABC):
    @abstractmethod
    def reset(self): ...

    @abstractmethod
    def step(self, action): ...


class Line(Env):
    """A ball on a line of pixels that is to be kept in the middle."""

    n_actions = 3

    def __init__(self, width=8, limit=10, seed=0):
        self.width, self.limit = width, limit
        self.rng = np.random.RandomState(seed)

    def render(self):
        image = np.zeros((1, self.width, self.width), dtype=np.float32)
        image[0, self.x, :] = 1.0
        image[0, :, self.width // 2] += 0.5
        return image

    def reset(self):
        self.x, self.t = self.rng.randint(self.width), 0
        return self.render()

    def step(self, action):
        self.x = int(np.clip(self.x + (action - 1), 0, self.width - 1))
        self.t += 1
        reward = -abs(self.x - self.width / 2) / self.width
        return self.render(), reward, self.t >= self.limit, {}


class Wrapper(Env):
    def __init__(self, env):
        self.env = env

    def __getattr__(self, name):
        return getattr(self.env, name)

    def reset(self):
        return self.env.reset()

    def step(self, action):
        return self.env.step(action)


class OneHot(Wrapper):
    def step(self, action):
        assert action.shape == (self.n_actions,)
        return self.env.step(int(np.argmax(action)))


class Scaled(Wrapper):
    def __init__(self, env, factor):
        super().__init__(env)
        self.factor = factor

    def step(self, action):
        obs, reward, done, info = super().step(action)
        return obs, reward * self.factor, done, dict(info, raw=reward)


class EpisodeBuffer:
    def __init__(self, capacity=20):
        self.episodes = collections.deque(maxlen=capacity)
        self.current = []

    def add(self, transition):
        self.current.append(transition)
        if transition.done:
            columns = Transition(*zip(*self.current))
            self.episodes.append({k: np.stack([np.asarray(v, dtype=np.float32) for v in c]) for k, c in columns._asdict().items()})
            self.current = []

    def sample(self, batch, length):
        chunks = []
        for _ in range(batch):
            episode = random.choice(self.episodes)
            start = random.randint(0, len(episode["reward"]) - length)
            chunks.append({k: v[start : start + length] for k, v in episode.items()})
        return {k: torch.as_tensor(np.stack([c[k] for c in chunks], axis=1)) for k in chunks[0]}


def symlog(x):
    return torch.sign(x) * torch.log(x.abs() + 1)


class Dense(nn.Sequential):
    def __init__(self, inp, out, hidden=32, layers=1):
        widths = [inp] + [hidden] * layers
        super().__init__(*[m for a, b in zip(widths, widths[1:]) for m in (nn.Linear(a, b), nn.LayerNorm(b), nn.ELU())], nn.Linear(widths[-1], out))


State = dict


class RSSM(nn.Module):
    def __init__(self, n_actions, embed, deter=24, classes=4, groups=5):
        super().__init__()
        self.deter, self.classes, self.groups = deter, classes, groups
        self.stoch = classes * groups
        self.inp = nn.Linear(self.stoch + n_actions, deter)
        self.cell = nn.GRUCell(deter, deter)
        self.prior = Dense(deter, self.stoch)
        self.post = Dense(deter + embed, self.stoch)

    @property
    def feature_size(self):
        return self.deter + self.stoch

    def initial(self, batch) -> State:
        zeros = functools.partial(torch.zeros, batch)
        return dict(deter=zeros(self.deter), stoch=zeros(self.stoch), logits=zeros(self.groups, self.classes))

    def dist(self, logits):
        probs = 0.99 * logits.softmax(-1) + 0.01 / self.classes
        return td.Independent(td.OneHotCategoricalStraightThrough(probs=probs), 1)

    def state_of(self, deter, logits):
        logits = logits.unflatten(-1, (self.groups, self.classes))
        return dict(deter=deter, stoch=self.dist(logits).rsample().flatten(-2), logits=logits)

    def imagine_step(self, state, action):
        x = F.elu(self.inp(torch.cat([state["stoch"], action], -1)))
        deter = self.cell(x, state["deter"])
        return self.state_of(deter, self.prior(deter))

    def observe_step(self, state, action, embed, first):
        keep = 1.0 - first[:, None]
        state = {k: v * keep.view(-1, *[1] * (v.dim() - 1)) for k, v in state.items()}
        prior = self.imagine_step(state, action * keep)
        return self.state_of(prior["deter"], self.post(torch.cat([prior["deter"], embed], -1))), prior

    def observe(self, embeds, actions, firsts):
        state = self.initial(embeds.shape[1])
        posts, priors = [], []
        for step in zip(actions, embeds, firsts):
            state, prior = self.observe_step(state, *step)
            posts.append(state)
            priors.append(prior)
        return tuple({k: torch.stack([s[k] for s in states]) for k in states[0]} for states in (posts, priors))

    def kl(self, post, prior, free=1.0, mix=0.8):
        sg = lambda s: self.dist(s["logits"].detach())  # noqa: E731
        forward = td.kl_divergence(sg(post), self.dist(prior["logits"]))
        backward = td.kl_divergence(self.dist(post["logits"]), sg(prior))
        return mix * forward.clamp(min=free).mean() + (1 - mix) * backward.clamp(min=free).mean()


def features(state):
    return torch.cat([state["deter"], state["stoch"]], dim=-1)


class Agent(nn.Module):
    def __init__(self, env, depth=4):
        super().__init__()
        w = env.width
        self.n_actions = env.n_actions
        self.encoder = nn.Sequential(nn.Conv2d(1, depth, 4, 2, 1), nn.ELU(), nn.Conv2d(depth, 2 * depth, 4, 2, 1), nn.ELU(), nn.Flatten())
        embed = self.encoder(torch.zeros(1, 1, w, w)).shape[-1]
        self.rssm = RSSM(env.n_actions, embed)
        size = self.rssm.feature_size
        self.decoder = nn.Sequential(nn.Linear(size, embed), nn.Unflatten(1, (-1, w // 4, w // 4)), nn.ConvTranspose2d(2 * depth, depth, 4, 2, 1), nn.ELU(), nn.ConvTranspose2d(depth, 1, 4, 2, 1))
        self.heads = nn.ModuleDict(dict(reward=Dense(size, 1), cont=Dense(size, 1)))
        self.actor, self.critic = Dense(size, env.n_actions), Dense(size, 1)

    def encode(self, obs):
        lead = obs.shape[:-3]
        return self.encoder(obs.reshape(-1, *obs.shape[-3:])).reshape(*lead, -1)

    def policy(self, feat):
        return td.OneHotCategorical(logits=self.actor(feat))

    def world_loss(self, data):
        post, prior = self.rssm.observe(self.encode(data["obs"]), data["action"], data["first"])
        feat = features(post)
        image = self.decoder(feat.flatten(0, 1)).view_as(data["obs"])
        losses = {
            "image": F.mse_loss(image, data["obs"]),
            "reward": (self.heads["reward"](feat).squeeze(-1) - symlog(data["reward"])).pow(2).mean(),
            "cont": td.Bernoulli(logits=self.heads["cont"](feat)[..., 0]).log_prob(1 - data["done"]).mean().neg(),
            "kl": self.rssm.kl(post, prior),
        }
        return sum(losses.values()), {k: v.detach().flatten(0, 1) for k, v in post.items()}

    def imagine(self, state, horizon):
        feats, actions = [features(state)], []
        for _ in range(horizon):
            action = self.policy(feats[-1].detach()).sample()
            state = self.rssm.imagine_step(state, action)
            feats.append(features(state))
            actions.append(action)
        return torch.stack(feats), torch.stack(actions)

    def behaviour_loss(self, state, horizon=4, gamma=0.97, lam=0.9):
        feats, actions = self.imagine(state, horizon)
        reward = self.heads["reward"](feats[1:]).squeeze(-1)
        discount = gamma * torch.sigmoid(self.heads["cont"](feats[1:])).squeeze(-1)
        value = self.critic(feats).squeeze(-1)
        last, returns = value[-1], []
        for t in reversed(range(horizon)):
            last = reward[t] + discount[t] * ((1 - lam) * value[t + 1] + lam * last)
            returns.insert(0, last)
        target = torch.stack(returns).detach()
        spread = torch.quantile(target, 0.95) - torch.quantile(target, 0.05)
        advantage = (target - value[:-1]).detach() / torch.maximum(torch.ones(()), spread)
        weight = torch.cumprod(torch.cat([torch.ones_like(discount[:1]), discount[:-1]]), 0).detach()
        policy = self.policy(feats[:-1].detach())
        actor = -(weight * (policy.log_prob(actions) * advantage + 3e-3 * policy.entropy())).mean()
        critic = (weight * (value[:-1] - target).square()).mean()
        return actor, critic

    @torch.no_grad()
    def act(self, obs, memory):
        state, action = memory or (self.rssm.initial(1), torch.zeros(1, self.n_actions))
        embed = self.encode(torch.from_numpy(obs)[None])
        state, _ = self.rssm.observe_step(state, action, embed, torch.tensor([float(memory is None)]))
        action = self.policy(features(state)).sample()
        return action.squeeze(0).numpy(), (state, action)


def main():
    torch.manual_seed(0)
    random.seed(0)
    env = Scaled(OneHot(Line()), factor=2.0)
    agent, buffer = Agent(env), EpisodeBuffer()
    groups = {"world": [*agent.encoder.parameters(), *agent.rssm.parameters(), *agent.decoder.parameters(), *agent.heads.parameters()], "actor": agent.actor.parameters(), "critic": agent.critic.parameters()}
    optimisers = {k: torch.optim.Adam(v, lr=1e-3) for k, v in groups.items()}
    for episode in range(3):
        obs, memory, done, total, first = env.reset(), None, False, 0.0, True
        while not done:
            action, memory = agent.act(obs, memory)
            following, reward, done, info = env.step(action)
            buffer.add(Transition(obs, action, reward, done, first))
            obs, first, total = following, False, total + info["raw"]
        data = buffer.sample(batch=3, length=6)
        loss, state = agent.world_loss(data)
        losses = dict(zip(("actor", "critic"), agent.behaviour_loss(state)), world=loss)
        for name, value in losses.items():
            optimisers[name].zero_grad()
            value.backward(retain_graph=True)
        for optimiser in optimisers.values():
            optimiser.step()
        print(f"{episode=} {total=:.2f}", {k: round(float(v), 3) for k, v in losses.items()})


if __name__ == "__main__":
    main()
