"""What `dir` gives: names that are looked for, not listed."""


class Names:
    def __init__(self, owner):
        self.owner = owner

    def __contains__(self, name):
        return hasattr(self.owner, name)

    def __iter__(self):
        return iter([name for name in self.owner.some_names])
