// The attributes that values of Python's built-in types have, by name.

import type { Value } from '../trace/values'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const ofNumbers = 'conjugate imag real as_integer_ratio'
const ofIntegers = words(`${ofNumbers} bit_count bit_length denominator from_bytes numerator to_bytes`)
const ofSequences = 'count index'
const ofSets = 'copy difference intersection isdisjoint issubset issuperset symmetric_difference union'

/** The public names. */
const names: Partial<Record<Value['kind'] | 'deque' | 'set', ReadonlySet<string>>> = {
  none: new Set(),
  bool: ofIntegers,
  int: ofIntegers,
  float: words(`${ofNumbers} fromhex hex is_integer`),
  str: words(
    `${ofSequences} capitalize casefold center encode endswith expandtabs find format format_map isalnum isalpha ` +
      'isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower ' +
      'lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split ' +
      'splitlines startswith strip swapcase title translate upper zfill',
  ),
  tuple: words(ofSequences),
  size: words(`${ofSequences} numel`),
  range: words(`${ofSequences} start step stop`),
  slice: words('indices start step stop'),
  list: words(`${ofSequences} append clear copy extend insert pop remove reverse sort`),
  deque: words(
    `${ofSequences} append appendleft clear copy extend extendleft insert maxlen pop popleft remove reverse rotate`,
  ),
  set: words(
    `${ofSets} add clear difference_update discard intersection_update pop remove symmetric_difference_update update`,
  ),
  dict: words('clear copy fromkeys get items keys pop popitem setdefault update values'),
}

/** What sets that do not change lack, and what kinds of dicts and tuples have besides. */
const ofSome = words(
  'add clear difference_update discard intersection_update pop remove symmetric_difference_update update ' +
    'move_to_end default_factory most_common elements subtract total numel',
)

const ofContainers = words('__contains__ __getitem__ __iter__ __len__')
const ofNone = words('__array__ __call__ __enter__ __exit__ __next__ __torch_function__ __wrapped__')

/** The same for a name between underscores. A tuple may stand for what is iterated once. */
function hasSpecial(kind: keyof typeof names, name: string): boolean | null {
  if (['none', 'bool', 'int', 'float'].includes(kind))
    return ofContainers.has(name) || ofNone.has(name) ? false : null
  if (kind === 'slice' || (kind === 'tuple' && name !== '__iter__')) return null
  if (ofContainers.has(name)) return kind !== 'set' || name !== '__getitem__'
  return ofNone.has(name) ? false : null
}

/** Whether a value of a built-in type has an attribute; null where that cannot be told. */
export function hasBuiltinAttribute(value: Value, name: string): boolean | null {
  const isOther =
    (value.kind === 'tuple' && (value.fields || value.cls)) || (value.kind === 'dict' && value.isOfInstance)
  if (isOther) return null
  const kind = value.kind !== 'list' ? value.kind : value.isSet ? 'set' : value.isDeque ? 'deque' : 'list'
  const known = names[kind]
  if (!known) return null
  if (name.startsWith('__')) return hasSpecial(kind, name)
  const isOfSome = ofSome.has(name) && ['set', 'dict', 'tuple'].includes(kind)
  return known.has(name) ? (kind === 'set' && isOfSome ? null : true) : isOfSome ? null : false
}
