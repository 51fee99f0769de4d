"""What the counter says when it cannot go on: one Chinese sentence, made from facts."""

from __future__ import annotations


class CounterError(Exception):
    """程序遇到问题，请联系管理员"""

    def __init__(self, **facts: object) -> None:
        """Keep the facts as attributes; the class docstring is the sentence's template."""
        super().__init__()
        self.facts = facts
        for name, fact in facts.items():
            setattr(self, name, fact)

    @property
    def sentence(self) -> str:
        """The sentence for the clerk, without personal data beyond the facts given."""
        return (type(self).__doc__ or "").format(**self.facts)

    def __str__(self) -> str:
        return self.sentence
