"""Versions that are compared by their numbers."""


class InvalidVersion(ValueError):
    pass


class Version:
    def __init__(self, version):
        numbers = []
        for part in version.split('+')[0].split('.'):
            if not part.isdigit():
                break
            numbers.append(int(part))
        self.release = tuple(numbers)
        self.base_version = '.'.join([str(n) for n in numbers])
        self.major = numbers[0] if numbers else 0
        self.minor = numbers[1] if len(numbers) > 1 else 0
        self.micro = numbers[2] if len(numbers) > 2 else 0

    def _order(self):
        return (self.major, self.minor, self.micro)

    def __eq__(self, other):
        return self._order() == other._order()

    def __lt__(self, other):
        return self._order() < other._order()

    def __le__(self, other):
        return self._order() <= other._order()

    def __gt__(self, other):
        return self._order() > other._order()

    def __ge__(self, other):
        return self._order() >= other._order()


def parse(version):
    return Version(version)
