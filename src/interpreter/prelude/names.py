"""What `dir` gives: names that are looked for; those of torch.nn and other parts of the prelude are listed too."""

from shapescope import names_in


class Names:
    def __init__(self, owner):
        self.owner = owner

    def __contains__(self, name):
        return hasattr(self.owner, name)

    def __iter__(self):
        return iter(names_in(self.owner))
