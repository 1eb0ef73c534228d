"""What a message card offers under its words."""

from enum import Enum


class Offered(Enum):
    """Which actions stand under the words."""

    NOTHING = "nothing"
    WITHOUT_MEMBER = "without member"
    ALL = "all"
