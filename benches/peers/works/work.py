"""What a comparison is made of."""

from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

THREADS = 2


@dataclass(frozen=True)
class Peer:
    """A package's way to do a work: loaded input to answer, under extra environment variables."""

    run: Callable[[Any], Any]
    environment: tuple = ()


@dataclass(frozen=True)
class Work:
    """One row of the comparison."""

    name: str
    title: str
    """The ratio to the best peer that is aimed at, or to the yardstick."""
    goal: float
    """What `error` measures."""
    measure: str
    """The largest error with which a run counts."""
    accuracy: float
    """Writes the input into a folder; the flag asks for a small one."""
    make: Callable[[str, bool], None]
    """Reads it, in the layout the peers like best."""
    load: Callable[[str], Any]
    peers: dict
    """The work on the side of proofsketch, and its variants."""
    ours: str
    variants: tuple
    """Folder and answer, as an array, to the error."""
    error: Callable[[str, np.ndarray], float]
    repetitions: int = 5
    """A variant of ours that is no contender but the measure of the row."""
    yardstick: str | None = None
    """A peer's answer as an array: what need not be timed."""
    arrange: Callable[[Any], np.ndarray] = np.asarray
    """Where our time goes, by a profile: said where the goal is missed."""
    profile: str = ""
