"""Reading one inbound SMS. Pure and careful: what is not clear is said to be unclear, never guessed.

``text`` cuts it into words, ``words`` holds what people say, ``parts`` finds signals and clauses,
``answer``, ``purpose`` and ``reading`` make one :class:`Reading` of it.
"""

from afspraken.domain.reply.reading import Reading, Woord, read

__all__ = ["Reading", "Woord", "read"]
