"""argparse: the options of a program whose command line is known; without arguments those are their defaults."""

from shapescope import anything, command_words, default_text


class Namespace:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __contains__(self, name):
        return hasattr(self, name)


class BooleanOptionalAction:
    pass


class Action:
    """What programs inherit from."""

    def __init__(self, option_strings=(), dest=None, nargs=None, const=None, default=None, type=None, choices=None,
                 required=False, help=None, metavar=None, **others):
        self.option_strings, self.dest, self.nargs, self.const, self.default = option_strings, dest, nargs, const, default
        self.type, self.choices, self.required, self.help, self.metavar = type, choices, required, help, metavar


class Option:
    def __init__(self, flags, dest=None, default=None, type=None, action='store', nargs=None, const=None,
                 required=False, **kwargs):
        names = [flag for flag in flags if flag.startswith('--')] + list(flags)
        self.is_positional = len(names) > 0 and not names[0].startswith('-')
        self.dest = names[0].lstrip('-').replace('-', '_') if dest is None else dest
        self.flags = flags
        self.action = action
        self.type = type
        self.nargs = nargs
        self.required = required or (self.is_positional and nargs != '?' and nargs != '*')
        self.const = const
        self.is_switch = action in ('store_true', 'store_false', 'store_const', 'append_const', 'count', 'help', 'version')
        if action == 'store_true' or action == 'store_false':
            self.const = action == 'store_true'
            self.default = not self.const if default is None else default
        else:
            self.default = self._typed(default) if isinstance(default, str) else default

    def _typed(self, word):
        return word if self.type is None else self.type(word)

    def read(self, words):
        """The value that words after the flag give."""
        if self.action is BooleanOptionalAction:
            return True
        if self.is_switch:
            return self.const
        values = [self._typed(word) for word in words]
        if self.nargs is None or self.nargs == '?':
            return values[0] if len(values) > 0 else self.const
        return [values] if self.action == 'append' else values


class ArgumentParser:
    def __init__(self, *args, parents=(), **kwargs):
        self._actions = []
        self._defaults = {}
        self._has_commands = False
        for parent in parents:
            self._actions.extend(parent._actions)

    def add_argument(self, *flags, **kwargs):
        action = Option(flags, **kwargs)
        self._actions.append(action)
        return action

    def add_argument_group(self, *args, **kwargs):
        return self

    def add_mutually_exclusive_group(self, **kwargs):
        return self

    def add_subparsers(self, **kwargs):
        self._has_commands = True
        return anything()

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)

    def get_default(self, dest):
        for action in self._actions:
            if action.dest == dest:
                return self._defaults.get(dest, action.default)
        return self._defaults.get(dest)

    def print_help(self, file=None):
        pass

    def print_usage(self, file=None):
        pass

    def format_help(self):
        return str(anything())

    def exit(self, status=0, message=None):
        raise SystemExit(status)

    def error(self, message):
        raise SystemExit(2)

    def parse_args(self, args=None, namespace=None):
        words, is_given = command_words(args), args is not None
        if words is None or self._has_commands:
            return anything()
        found = Namespace() if namespace is None else namespace
        for name, value in self._defaults.items():
            setattr(found, name, value)
        for action in self._actions:
            default = self._defaults.get(action.dest, action.default)
            # Who runs the program may have to say more than nothing.
            is_open = action.required or not is_given and default in (None, '', [], {}, ())
            value = default if is_given else default_text(default)
            setattr(found, action.dest, anything() if is_open else value)
        self._read(words, found)
        return found

    def parse_known_args(self, args=None, namespace=None):
        found = self.parse_args(args, namespace)
        return found, anything()

    parse_intermixed_args = parse_args
    parse_known_intermixed_args = parse_known_args

    def _read(self, words, found):
        positional = [action for action in self._actions if action.is_positional]
        while len(words) > 0:
            flag, _, value = words[0].partition('=')
            values = [value] if '=' in words[0] else []
            words = words[1:]
            named = [action for action in self._actions if flag in action.flags]
            if len(named) == 0 and len(positional) > 0 and not flag.startswith('-'):
                named, values = positional[:1], [flag]
                positional = positional[1:]
            wants = len(named) > 0 and not named[0].is_switch
            while wants and len(words) > 0 and not words[0].startswith('--'):
                if named[0].nargs in (None, '?') and len(values) > 0:
                    break
                values = values + [words[0]]
                words = words[1:]
            for action in named:
                setattr(found, action.dest, action.read(values))
