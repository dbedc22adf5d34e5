"""A program's TOML file, changed key by key."""

import re


class ConfigFile:
    """A copy of one that is shipped, in which every key stands with its default."""

    def __init__(self, path, shipped):
        self.path = path
        path.write_text(shipped.read_text())

    def set(self, keys):
        """`keys`: {"pool.writers": 3, "batch.linger": '"5ms"'}, values as TOML has them."""
        table, left, lines = "", dict(keys), []
        for line in self.path.read_text().splitlines():
            if match := re.match(r"\[(.+)\]$", line):
                table = match[1]
            elif match := re.match(r"([\w-]+) = ", line):
                if (key := f"{table}.{match[1]}") in left:
                    line = f"{match[1]} = {left.pop(key)}"
            lines.append(line)
        assert not left, f"{self.path}: expected these keys in it: {list(left)}"
        self.path.write_text("\n".join(lines) + "\n")

    def line_of(self, key):
        """Where the key stands, counted from 1."""
        table, name = key.rsplit(".", 1)
        lines = self.path.read_text().splitlines()
        begin = lines.index(f"[{table}]")
        return next(n + 1 for n in range(begin, len(lines)) if lines[n].startswith(f"{name} = "))
