"""A name stands for one thing."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.house.house import product_files, tree_of


def test_no_class_has_the_name_of_another_class() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in product_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.as_posix())
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
