"""The authkeys file: which key signs, which keys are accepted (semantics 1.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hasim.config.lexer import (
    BLANKS,
    Complaints,
    decode,
    encoding_hint,
    numbered_lines,
    shown,
    words,
)
from hasim.errors import Problem, nearest

__all__ = [
    "FORBIDDEN_MODE",
    "MAX_NUMBER",
    "METHODS",
    "AuthKey",
    "AuthKeys",
    "authkeys_missing",
    "guess_authkeys",
    "parse_authkeys",
    "render_authkeys",
]

#: Methods, and whether each needs a key.
METHODS = {"crc": False, "md5": True, "sha1": True}
MAX_NUMBER = 15
#: The permission bits that the daemon looks at: read by group, read by others.
FORBIDDEN_MODE = 0o044

_AUTH = re.compile(r"auth[ \t\r\f]+([0-9]{1,9})(?![0-9])", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_FINAL = "Authentication configuration error."


@dataclass(frozen=True, slots=True)
class AuthKey:
    """One numbered method with its key; the key is None for ``crc``."""

    number: int
    method: str
    key: str | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AuthKeys:
    """The number that signs, and every key by rising number."""

    auth: int
    keys: tuple[AuthKey, ...]

    @property
    def methods(self) -> dict[int, tuple[str, str | None]]:
        """Method and key by number."""
        return {key.number: (key.method, key.key) for key in self.keys}

    @property
    def signing(self) -> AuthKey:
        """The key that own messages are signed with."""
        return next(key for key in self.keys if key.number == self.auth)

    def accepts(self, signed: AuthKey) -> bool:
        """Tell whether a message signed with this key passes: same number, method and key.

        The number need not be the signing one, so that keys can be rolled (semantics 1.5).
        """
        return signed in self.keys


def authkeys_missing(file: str) -> tuple[Problem, ...]:
    """Return the problems of an authkeys file that cannot be opened."""
    found = Complaints(file)
    found.error(
        None,
        f"Cannot open keyfile [{shown(file)}].  Stop.",
        "write it, two lines are enough: 'auth 1' and '1 sha1 SECRET', then chmod 600",
    )
    found.error(None, _FINAL)
    return found.close()


def parse_authkeys(
    text: str | bytes, file: str = "authkeys", *, mode: int | None
) -> tuple[AuthKeys | None, tuple[Problem, ...]]:
    """Read an authkeys file as the daemon does.

    Parameters
    ----------
    text : str or bytes
        Content of the file.
    file : str
        Its name for messages.
    mode : int or None
        Its permission bits; None leaves them unchecked.

    Returns
    -------
    tuple
        The keys, None if a complaint is fatal (all of them are), and the complaints.
    """
    found = Complaints(file)
    if mode is not None and mode & FORBIDDEN_MODE:
        found.error(
            None,
            f"Bad permissions on keyfile [{shown(file)}], 600 recommended.",
            f"it is {mode & 0o7777:04o} now: chmod 600, so that only its owner reads it",
        )
    auth, active, keys = _scan(text, found)
    return _conclude(auth, active, keys, found)


def guess_authkeys(text: str | bytes) -> AuthKeys | None:
    """Return the keys of a file apart from its mistakes; None where nothing would sign."""
    auth, _, keys = _scan(text, Complaints("authkeys"))
    if auth is None or auth[0] not in keys:
        return None
    return AuthKeys(auth[0], tuple(keys[n] for n in sorted(keys)))


def _scan(
    text: str | bytes, found: Complaints
) -> tuple[tuple[int, int] | None, bool, dict[int, AuthKey]]:
    """Return the signing number with its line, whether its key follows it, and the keys."""
    auth: tuple[int, int] | None = None
    active = False
    keys: dict[int, AuthKey] = {}
    plain = decode(text)
    hint = encoding_hint(plain)
    for number, raw in numbered_lines(plain):
        line = raw.strip(BLANKS)
        if not line or line.startswith("#"):
            continue
        if line.startswith("a"):
            match = _AUTH.match(line)
            if match is None:
                found.error(
                    number,
                    f"Invalid auth line [{shown(line)}] in {shown(found.file)}",
                    "write 'auth N', N being the number of a key below",
                )
            else:
                signing = int(match[1])
                active = active and auth is not None and auth[0] == signing
                auth = (signing, number)
            continue
        key = _key_line(line, number, found, hint)
        if key is not None:
            keys[key.number] = key
            active = active or (auth is not None and auth[0] == key.number)
    return auth, active, keys


def _conclude(
    auth: tuple[int, int] | None, active: bool, keys: dict[int, AuthKey], found: Complaints
) -> tuple[AuthKeys | None, tuple[Problem, ...]]:
    if auth is None:
        found.error(
            None,
            f"Missing auth directive in keyfile [{shown(found.file)}]",
            "add 'auth N' before the line of key N",
        )
    elif not active:
        late = auth[0] in keys
        found.error(
            auth[1],
            f"Auth Key [{auth[0]}] not found in keyfile [{shown(found.file)}]",
            f"move 'auth {auth[0]}' before the line of key {auth[0]}"
            if late
            else f"add a line '{auth[0]} sha1 SECRET' after it, or name another key",
        )
    if auth is None or found.fatal:
        problems = found.close()
        return None, (*problems, Problem(found.file, None, "ERROR", _FINAL))
    return AuthKeys(auth[0], tuple(keys[n] for n in sorted(keys))), found.close()


def _key_line(line: str, number: int, found: Complaints, hint: str) -> AuthKey | None:
    """Read ``N method [key]``; further words are ignored."""
    parts = words(line)
    if len(parts) < 2 or not _NUMBER.fullmatch(parts[0]):
        found.error(
            number,
            f"Auth line [{shown(line)}] is invalid.",
            hint or "write 'N METHOD KEY' or 'auth N'",
        )
        return None
    index, method = int(parts[0]), parts[1]
    key = parts[2] if len(parts) > 2 else None
    if not 0 <= index <= MAX_NUMBER:
        found.error(
            number,
            f"Invalid authnum [{index}] in {shown(found.file)}",
            f"key numbers go from 0 to {MAX_NUMBER}",
        )
    elif method not in METHODS:
        known = "methods are crc, md5 and sha1"
        found.error(number, f"Invalid authtype [{shown(method)}]", known + nearest(method, METHODS))
    elif METHODS[method] and key is None:
        found.error(
            number, f"Auth method [{method}] requires a key", f"write '{index} {method} SECRET'"
        )
    elif not METHODS[method] and key is not None:
        found.fatal_note(
            number, "info", f"Auth method [{method}] doesn't use a key", "remove the key"
        )
    else:
        return AuthKey(index, method, key, number)
    return None


def render_authkeys(keys: AuthKeys) -> str:
    """Return a file that reads back as `keys`; give it mode 0600."""
    lines = [f"auth {keys.auth}"]
    lines += [f"{k.number} {k.method}" + (f" {k.key}" if k.key else "") for k in keys.keys]
    return "\n".join(lines) + "\n"
