"""What is uploaded: which types are taken, whether a file is what it says, and what there is to know of it."""

from lumina.media.names import clean
from lumina.media.preparing import Prepared, prepare
from lumina.media.refusing import Damaged, NotTaken, TooLarge
from lumina.media.sniffing import recognise
from lumina.media.types import ACCEPTED, Type

__all__ = [
    "ACCEPTED",
    "Damaged",
    "NotTaken",
    "Prepared",
    "TooLarge",
    "Type",
    "clean",
    "prepare",
    "recognise",
]
